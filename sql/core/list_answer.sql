-- A page of a list: `rows` holds one more than the page where more follows,
-- `next_cursor` is the cursor of the page's last row.
create or replace function florin.list_answer(
	rows json[], page bigint, next_cursor text)
returns florin.answer
language sql stable
as $$
	select 200, json_build_object(
		'data', to_json(coalesce(rows[1:page::integer], '{}')),
		'has_more', coalesce(cardinality(rows), 0) > page,
		'next_cursor', case when cardinality(rows) > page
			then next_cursor end)::text,
		false, null::bigint
$$;

-- The same of a list that nothing was settled for: with its moment.
create or replace function florin.dated_list_answer(
	rows json[], page bigint, next_cursor text, as_of timestamptz)
returns florin.answer
language sql stable
as $$
	select a.status,
		(a.body::jsonb || jsonb_build_object('as_of', as_of))::text,
		a.replayed, a.revision
	from florin.list_answer(rows, page, next_cursor) a
$$;
