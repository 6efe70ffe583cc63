import { startReceiver } from './receiver.ts';

const { PORT = '9090', WEBHOOK_SECRET, PRE_CALL_SECRET, APP_SECRET } = process.env;
if (WEBHOOK_SECRET === undefined) {
  console.error('WEBHOOK_SECRET is missing: give the secret (whsec_…) of your webhook endpoint.');
  process.exit(1);
}

const receiver = await startReceiver({
  port: Number(PORT),
  webhookSecret: WEBHOOK_SECRET.split(','),
  ...(PRE_CALL_SECRET !== undefined && { preCallSecret: PRE_CALL_SECRET.split(',') }),
  ...(APP_SECRET !== undefined && { appSecret: APP_SECRET }),
  onEvent: (event) => console.log(JSON.stringify(event)),
});
console.log(`receiver: ${receiver.url}/webhooks, /netease and /pre-call`);
process.once('SIGINT', () => void receiver.stop());
process.once('SIGTERM', () => void receiver.stop());
