// Fastify + BullMQ doing what the product's endpoint does: check the token, validate, one INSERT, one job, 202.
import { createHash } from 'node:crypto';
import Fastify from 'fastify';
import { Queue } from 'bullmq';
import { pool, redis } from './connections.mjs';

const app = Fastify();
const db = pool();
const queue = new Queue(process.env.QUEUE, { connection: redis() });
const body = {
  type: 'object',
  required: ['brief'],
  properties: {
    brief: { type: 'string', minLength: 3, maxLength: 2000 },
    priority: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
  },
};

app.addHook('onRequest', async (request, reply) => {
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const digest = createHash('sha256').update(token).digest('hex');
  const { rows } = await db.query(
    'SELECT t.id, u.id AS "user" FROM config_apitoken t JOIN auth_user u ON u.id = t.user_id ' +
      'WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AND u.is_active',
    [digest],
  );
  if (!rows.length) return reply.code(401).send({ code: 'not_authenticated' });
  request.user = rows[0].user;
});

app.post('/api/drafts', { schema: { body } }, async (request, reply) => {
  const { brief, priority } = request.body;
  const { rows } = await db.query('INSERT INTO bench_draft (brief, text) VALUES ($1, $2) RETURNING id', [brief, '']);
  const job = await queue.add('write', { draftId: rows[0].id }, { priority });
  reply.code(202).header('Location', `/api/jobs/${job.id}`).send({ status: 'queued', draftId: rows[0].id, jobId: job.id });
});

app.get('/api/jobs/:id', async (request, reply) => {
  const job = await queue.getJob(request.params.id);
  if (!job) return reply.code(404).send({ code: 'not_found' });
  return { id: job.id, state: await job.getState(), attemptsMade: job.attemptsMade, createdAt: job.timestamp };
});

console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
process.on('SIGTERM', () => process.exit(0));
