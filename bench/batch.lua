-- wrk script: POST /api/credits/batch with 200 consumes of many users.
-- Arguments: a file with one token of a service, a word that no other run
-- uses, the number of users.
function init(args)
	token = io.lines(args[1])()
	word = args[2]
	users = tonumber(args[3])
	count = 0
end

function request()
	local operations = {}
	for i = 1, 200 do
		count = count + 1
		operations[i] = string.format('{"op":"consume",' ..
			'"user_id":"bench%d","idempotency_key":"%s%d",' ..
			'"amount":1,"reason":"bench"}',
			math.random(users), word, count)
	end
	return wrk.format("POST", "/api/credits/batch", {
		["Authorization"] = "Bearer " .. token,
		["Content-Type"] = "application/json",
	}, '{"operations":[' .. table.concat(operations, ",") .. "]}")
end
