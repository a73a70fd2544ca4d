// Producer and observer: one JSON command per line in, one JSON answer per line out.
import { createInterface } from 'node:readline';
import { Queue } from 'bullmq';
import { redis } from './connections.mjs';

const connection = redis();
const queues = new Map();
const queue = (name) => queues.get(name) ?? queues.set(name, new Queue(name, { connection })).get(name);

const commands = {
  add: ({ name, jobs }) => queue(name).addBulk(jobs.map(([data, opts]) => ({ name: 'write', data, opts: opts ?? {} }))),
  pause: ({ name }) => queue(name).pause(),
  resume: ({ name }) => queue(name).resume(),
  // What ended so far: data, priority, when it was asked for and when it started (epoch milliseconds).
  finished: async ({ name }) =>
    (await queue(name).getCompleted(0, -1)).map((job) => [job.data, job.opts.priority ?? 0, job.timestamp, job.processedOn]),
  obliterate: ({ name }) => queue(name).obliterate({ force: true }),
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...details } = JSON.parse(line);
  const begun = performance.now();
  const answer = await commands[command](details);
  const milliseconds = performance.now() - begun;
  console.log(JSON.stringify({ milliseconds, answer: command === 'finished' ? answer : null }));
}
process.exit(0);
