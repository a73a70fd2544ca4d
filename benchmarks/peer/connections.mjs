// The same Redis and PostgreSQL as the other sides; what the environment says.
import pg from 'pg';
import { Redis } from 'ioredis';

export const redis = () => new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
export const pool = () => new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
