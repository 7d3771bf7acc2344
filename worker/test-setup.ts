/** Before the tests of a file: nothing of the file before, and the database of the migrations, as a deployment would have it. */
import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { externalWays } from './auth/ways/external-ways.ts'
import { noteAnswer } from './auth/ways/way-health.ts'
import { forgetViews } from './cache/brief-views.ts'
import { noteTrakt } from './library/trakt/trakt-health.ts'

const isEmpty = async () =>
  (await env.DB.prepare("select count(*) n from sqlite_master where name = 'users'").first('n')) === 0

await reset()
// On a busy machine the database of the file before has been met once more, and its people with it.
for (let tries = 0; !(await isEmpty()); tries++) {
  if (tries === 20) throw new Error('the database of the file before is still there')
  await scheduler.wait(50)
  await reset()
}
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
forgetViews()
// What this isolate remembers of services elsewhere, too: a file may have left one resting.
for (const { id } of externalWays(env)) noteAnswer(id, true, 0)
noteTrakt(String(env.TRAKT_URL), true, 0)
