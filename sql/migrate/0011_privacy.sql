-- What a person leaves behind.
--
-- What stays of an erased user's e-mail, so that it signs up for a bonus only
-- once: an HMAC of the normalised address, which names nobody.
create table florin.erased_emails (
	email_hmac bytea primary key
);

-- The key, this installation's own: 244 random bits.
alter table florin.installation add column email_key bytea not null
	default sha256(uuid_send(gen_random_uuid())
		|| uuid_send(gen_random_uuid()));

-- The retention job looks for what is old.
create index feature_answers_age on florin.feature_answers
	using brin (created_at) with (pages_per_range = 32, autosummarize = on);
