// Stripe-Signature headers by Stripe's own package.  Standard input is JSON
// lines {payload, secret, timestamp}; each is answered by a line: the header.
import { createInterface } from "node:readline";
import Stripe from "stripe";

const stripe = new Stripe("sk_test_none");
for await (const line of createInterface({ input: process.stdin })) {
	const { payload, secret, timestamp } = JSON.parse(line);
	console.log(stripe.webhooks.generateTestHeaderString({
		payload, secret, timestamp,
	}));
}
