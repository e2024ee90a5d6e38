-- wrk script: POST /api/credits/consume by many users, a new key each time.
-- Arguments: a file of tokens (one a line), a word that no other run uses,
-- and optionally a second path to GET instead (with an ETag after it).
local threads = 0

function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

function init(args)
	tokens = {}
	for line in io.lines(args[1]) do
		tokens[#tokens + 1] = line
	end
	word = args[2]
	get = args[3]
	etag = args[4]
	count = 0
	math.randomseed(number + 1)
end

function request()
	local token = tokens[math.random(#tokens)]
	local headers = { ["Authorization"] = "Bearer " .. token }
	if get then
		headers["If-None-Match"] = etag
		return wrk.format("GET", get, headers)
	end
	count = count + 1
	headers["Content-Type"] = "application/json"
	headers["Idempotency-Key"] = word .. number .. "-" .. count
	return wrk.format("POST", "/api/credits/consume", headers,
		'{"amount":1,"reason":"bench"}')
end
