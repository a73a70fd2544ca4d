// A BullMQ worker: SELECT the draft, ask the model through the SDK, UPDATE the draft.
// QUEUE, CONCURRENCY and LIMIT ("100/6000") come from the environment; prints "ready" once it consumes.
import OpenAI from 'openai';
import { Worker } from 'bullmq';
import { pool, redis } from './connections.mjs';

const db = pool();
const openai = new OpenAI({ maxRetries: 0 });
const [max, duration] = (process.env.LIMIT || '').split('/').map(Number);

async function write({ draftId }) {
  const { rows } = await db.query('SELECT id, brief FROM bench_draft WHERE id = $1', [draftId]);
  const answer = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [
      { role: 'system', content: 'You write short, exact articles.' },
      { role: 'user', content: rows[0].brief },
    ],
    max_completion_tokens: 2048,
  });
  const text = answer.choices[0].message.content;
  await db.query('UPDATE bench_draft SET text = $2, finished_at = clock_timestamp() WHERE id = $1', [draftId, text]);
  return { draft: draftId };
}

async function hold({ seconds }) {
  const started = Date.now();
  await new Promise((done) => setTimeout(done, seconds * 1000));
  return { started };
}

const worker = new Worker(process.env.QUEUE, (job) => (job.data.draftId ? write(job.data) : hold(job.data)), {
  connection: redis(),
  concurrency: Number(process.env.CONCURRENCY),
  removeOnComplete: { count: 100000 },
  ...(max && { limiter: { max, duration } }),
});
worker.on('error', (error) => console.error(error.message));
await worker.waitUntilReady();
process.on('SIGTERM', () => process.exit(0));
console.log('ready');
