// The same work as POST /api/credits/consume, as one would write it in Node:
// Fastify, pg, jose; a transaction from the client, SELECT ... FOR UPDATE on
// the wallet, idempotency key, grants, hash-chained ledger row.
// Environment: PORT, DATABASE_URL, JWT_SECRET_FILE, WORKERS.
import cluster from "node:cluster";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import { jwtVerify } from "jose";
import pg from "pg";

const { PORT, DATABASE_URL, JWT_SECRET_FILE, WORKERS = "2" } = process.env;

const sql = {
	wallet: {
		name: "wallet",
		text: "select balance, version, head_hash from wallets" +
			" where user_id = $1 for update",
	},
	key: {
		name: "key",
		text: "select request_hash, body from idempotency_keys" +
			" where user_id = $1 and key = $2",
	},
	grants: {
		name: "grants",
		text: "select id, source, remaining from grants" +
			" where user_id = $1 and remaining > 0" +
			" order by priority, expires_at nulls last, id",
	},
	draw: {
		name: "draw",
		text: "update grants set remaining = remaining - $3" +
			" where user_id = $1 and id = $2",
	},
	ledger: {
		name: "ledger",
		text: "insert into credit_transactions values" +
			" ($1, $2, 'consume', $3, $4, $5, $6, $7, $8)",
	},
	save: {
		name: "save",
		text: "update wallets set balance = $2, version = $3," +
			" total_spent = total_spent + $4, head_hash = $5," +
			" updated_at = $6 where user_id = $1",
	},
	remember: {
		name: "remember",
		text: "insert into idempotency_keys values ($1, $2, $3, $4)",
	},
};

const sha256 = (...parts) => {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return hash.digest();
};

async function draw(db, userId, amount) {
	const draws = [];
	const grants = await db.query({ ...sql.grants, values: [userId] });
	let missing = amount;
	for (const grant of grants.rows) {
		const taken = Math.min(missing, Number(grant.remaining));
		await db.query({ ...sql.draw, values: [userId, grant.id, taken] });
		draws.push({ grant_id: grant.id, source: grant.source,
			amount: taken });
		missing -= taken;
		if (missing === 0) break;
	}
	return draws;
}

async function consume(db, userId, key, { amount, reason }) {
	const requestHash = sha256("consume", String(amount), reason);
	const found = await db.query({ ...sql.wallet, values: [userId] });
	const wallet = found.rows[0];
	if (!wallet) return [404, { code: "user_not_found" }];
	const first = await db.query({ ...sql.key, values: [userId, key] });
	if (first.rows[0]) {
		return first.rows[0].request_hash.equals(requestHash)
			? [200, first.rows[0].body]
			: [422, { code: "idempotency_key_reused" }];
	}
	const balance = Number(wallet.balance) - amount;
	if (balance < 0) return [402, { code: "insufficient_credits" }];
	const draws = await draw(db, userId, amount);
	const seq = Number(wallet.version) + 1;
	const now = new Date();
	const hash = sha256(wallet.head_hash, JSON.stringify(
		[userId, seq, "consume", -amount, balance, draws, reason, now]));
	await db.query({ ...sql.ledger, values: [userId, seq, -amount, balance,
		JSON.stringify(draws), reason, now, hash] });
	await db.query({ ...sql.save,
		values: [userId, balance, seq, amount, hash, now] });
	const body = JSON.stringify({
		transaction: { id: seq, user_id: userId, kind: "consume",
			amount: -amount, balance_after: balance, reason, draws,
			created_at: now },
		wallet: { user_id: userId, balance, version: seq, updated_at: now },
	});
	await db.query({ ...sql.remember,
		values: [userId, key, requestHash, body] });
	return [200, body];
}

function serve() {
	const secret = readFileSync(JWT_SECRET_FILE);
	const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 8 });
	const app = Fastify();
	const schema = { body: {
		type: "object",
		additionalProperties: false,
		required: ["amount", "reason"],
		properties: {
			amount: { type: "integer", minimum: 1 },
			reason: { type: "string", minLength: 1, maxLength: 500 },
		},
	} };
	app.post("/api/credits/consume", { schema }, async (request, reply) => {
		const token = (request.headers.authorization ?? "").slice(7);
		const { payload } = await jwtVerify(token, secret,
			{ algorithms: ["HS256"] });
		const key = request.headers["idempotency-key"];
		const db = await pool.connect();
		try {
			await db.query("begin");
			const [status, body] = await consume(db, payload.sub, key,
				request.body);
			await db.query(status === 200 ? "commit" : "rollback");
			reply.code(status).type("application/json").send(body);
		} catch (error) {
			await db.query("rollback");
			throw error;
		} finally {
			db.release();
		}
	});
	app.listen({ port: Number(PORT), host: "127.0.0.1" });
}

if (cluster.isPrimary) {
	for (let i = 0; i < Number(WORKERS); i++) cluster.fork();
	process.on("SIGTERM", () => process.exit(0));
} else {
	serve();
}
