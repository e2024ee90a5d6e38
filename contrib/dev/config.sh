# shellcheck shell=bash
# Part of ./dev: what is written before a stack starts.

PG_DATA=$DEV/pg
WEB=${FLORIN_WEB_SERVER:-nginx} # or apache
PORT=${FLORIN_PORT:-8080} # preferred; 0 is any free one

database_url() { echo "postgresql://postgres@${RUN//\//%2F}%2Fpg/florin"; }

make_secret()
{
	local file=$DEV/jwt.secret
	if [ ! -s "$file" ]; then
		(umask 077 && openssl rand -base64 48 | tr -d '\n' >"$file.new")
		mv "$file.new" "$file"
	fi
	own florind florind 600 "$file"
}

# The signing secret of a pretend Stripe: what it signs is real money here.
make_stripe_secret()
{
	local file=$DEV/stripe.secret
	if [ ! -s "$file" ]; then
		(umask 077 &&
			printf 'whsec_%s' "$(openssl rand -hex 16)" \
				>"$file.new")
		mv "$file.new" "$file"
	fi
	own florind florind 600 "$file"
}

# choose_port NAME PORT: last run's, else this one, else any that is free
choose_port()
{
	local last=
	read -r last 2>/dev/null <"$DEV/$1" || :
	/usr/bin/python3 - "${last:-$2}" "$2" 0 >"$DEV/$1" <<'END'
import socket, sys
for port in map(int, sys.argv[1:]):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(s.getsockname()[1])
        break
END
}

write_env()
{
	{
		printf 'FLORIN_URL=%q\n' "http://127.0.0.1:$(<"$DEV/port")"
		printf 'FLORIN_JWT_SECRET_FILE=%q\n' "$DEV/jwt.secret"
		printf 'FLORIN_PSQL_URL=%q\n' "$(database_url)"
		printf 'FLORIN_STRIPE_SECRET_FILE=%q\n' "$DEV/stripe.secret"
	} >"$DEV/env.new"
	mv "$DEV/env.new" "$DEV/env"
}

write_florin_conf()
{
	cat >"$DEV/florin.conf" <<END
pool wallet {
	listen = "$RUN/fcgi/wallet.sock"
	listen.backlog = 4096
	database = "host=$RUN/pg dbname=florin user=florin_web"
}
pool bulk {
	listen = "$RUN/fcgi/bulk.sock"
	listen.backlog = 4096
	database = "host=$RUN/pg dbname=florin user=florin_admin"
	pm.max_children = 2
	request_terminate_timeout = 25s
}
pool features {
	listen = "$RUN/fcgi/features.sock"
	database = "host=$RUN/pg dbname=florin user=florin_web"
	pm.max_children = 8
	batch_max = 1
	request_terminate_timeout = 330s
}
private_upstreams = {"127.0.0.1"}
jobs {
	database = "host=$RUN/pg dbname=florin user=florin_jobs"
}
issuer dev {
	iss = "florin-dev"
	audience = "florin"
	secret_file = "$DEV/jwt.secret"
	may_mint = {user, service, admin}
}
provider stripe {
	secret_file = "$DEV/stripe.secret"
}
END
}

write_nginx_conf()
{
	cp "$TREE"/etc/nginx/florin/*.conf "$DEV/nginx/florin/"
	sed -e "s,127.0.0.1:8080,127.0.0.1:$(<"$DEV/port")," \
		-e "s,unix:/run/florin/,unix:$RUN/fcgi/," \
		"$TREE/etc/nginx/florin.conf" >"$DEV/nginx/florin.conf"
	cat >"$DEV/nginx/nginx.conf" <<END
$(is_root && echo "user $(user_of nginx);")
daemon off;
pid $RUN/nginx/pid;
worker_processes 2;
error_log stderr warn;
worker_rlimit_nofile $(ulimit -Hn);
events { worker_connections 8192; }
http {
	access_log off;
	default_type application/octet-stream;
	client_body_temp_path $RUN/nginx/body;
	fastcgi_temp_path $RUN/nginx/fastcgi;
	proxy_temp_path $RUN/nginx/proxy;
	uwsgi_temp_path $RUN/nginx/uwsgi;
	scgi_temp_path $RUN/nginx/scgi;
	include florin.conf;
}
END
}

write_apache_conf()
{
	local module
	mkdir -p "$DEV/apache"
	{
		for module in mpm_event authz_core authz_host alias proxy \
			proxy_fcgi headers unique_id; do
			echo "LoadModule ${module}_module" \
				"/usr/lib/apache2/modules/mod_$module.so"
		done
		cat <<END
ServerRoot $DEV/apache
ServerName localhost
Listen 127.0.0.1:$(<"$DEV/port")
PidFile $RUN/apache.pid
Mutex file:$RUN default
ErrorLog $LOG/apache.log
User $(user_of apache)
Group $(id -gn "$(user_of apache)")
ThreadsPerChild 64
ServerLimit 16
MaxRequestWorkers 1024
END
		sed "s,unix:/run/florin/,unix:$RUN/fcgi/," \
			"$TREE/etc/apache/florin.conf"
	} >"$DEV/apache/apache.conf"
}

# The superuser is for root, postgres and whoever runs this; all other roles
# are free to those whom the socket's folder lets in.
write_postgres_conf()
{
	cat >"$PG_DATA/florin.conf" <<END
listen_addresses = ''
unix_socket_directories = '$RUN/pg'
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
END
	printf 'local all postgres peer map=dev\nlocal all all trust\n' \
		>"$PG_DATA/pg_hba.conf"
	printf 'dev %s postgres\n' root postgres "$(id -un)" \
		>"$PG_DATA/pg_ident.conf"
}

# Made aside, so that a half made one is never taken for a cluster.
make_cluster()
{
	local new=$PG_DATA.new
	if [ ! -s "$PG_DATA/PG_VERSION" ]; then
		say "Making a PostgreSQL cluster in $PG_DATA"
		rm -rf "$new"
		mkdir "$new"
		own postgres postgres 700 "$new"
		(exec_as postgres "$PG_BIN/initdb" -D "$new" -U postgres \
			-E UTF8 --locale=C.UTF-8 -A peer) \
			>"$LOG/initdb.log" 2>&1 </dev/null ||
			{ cat "$LOG/initdb.log" >&2; die "initdb failed"; }
		echo "include 'florin.conf'" >>"$new/postgresql.conf"
		mv "$new" "$PG_DATA"
	fi
	write_postgres_conf
}

prepare()
{
	make_dirs
	make_secret
	make_stripe_secret
	choose_port port "$PORT"
	choose_port upstream.port 0
	make_cluster
	write_florin_conf
	"write_${WEB}_conf"
	write_env
}
