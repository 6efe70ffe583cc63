import { proveRecords } from './prove.ts';

/*
 * `npm run prove:records`: ten thousand calls, and at least fifty kills. Another seed is another
 * story: `SEED=…`.
 */
const seed = process.env['SEED'] ?? 'records';
const size = { calls: 10_000, troupes: 20, kills: 50, between: { min: 20, max: 300 }, seed };
const proof = await proveRecords(size, (text) => console.log(text));

console.log(proof.verdict.printed.trim());
for (const flaw of proof.flaws) console.error(flaw);
for (const [kind, times] of Object.entries(proof.kinds)) console.log(`${times} × ${kind}`);
console.log(`webhooks that came more than once, and were known by their id: ${proof.repeated}`);
const isProved =
  proof.flaws.length === 0 && proof.records >= size.calls && proof.verdict.code === 0;
const { records, messages, invitations, lost, doubled, kills } = proof;
console.log(
  `${messages} messages and ${invitations} bare invitations, counted with the records among what is lost or doubled`,
);
console.log(`${records} records, ${lost} lost, ${doubled} doubled, ${kills} kills`);
process.exit(isProved ? 0 : 1);
