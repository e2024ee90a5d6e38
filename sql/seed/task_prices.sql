-- Prices to begin with.  A row that somebody changed stays as it is.
insert into florin.task_prices (kind, cost)
values
	('image', 10),
	('rewrite', 1)
on conflict (kind) do nothing;
