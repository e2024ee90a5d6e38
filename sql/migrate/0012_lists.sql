-- What the console lists over all users, newest first: ids are made in order
-- of time.
create index payment_orders_newest on florin.payment_orders (id);
create index tasks_newest on florin.tasks (id);
create index alerts_newest on florin.alerts (id);
