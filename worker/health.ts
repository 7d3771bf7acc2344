/** `GET /health`: is the edge up, and does its database answer? */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from './describe.ts'
import type { AppEnv } from './env.ts'
import { log } from './log.ts'
import { version } from './version.ts'

const Health = z.object({ status: z.enum(['ok', 'down']), version: z.string(), database: z.enum(['ok', 'down']) })

export const health = new Hono<AppEnv>().get(
  '/',
  describe({ summary: 'Health of the edge', access: 'anyone', answer: { status: 200, schema: Health } }),
  async (c) => {
    c.header('Cache-Control', 'no-store')
    try {
      await c.env.DB.prepare('select 1').first()
      return c.json({ status: 'ok', version, database: 'ok' } as const, 200)
    } catch (error) {
      log('error', 'database_down', { correlationId: c.var.correlationId, error })
      return c.json({ status: 'down', version, database: 'down' } as const, 503)
    }
  },
)
