/** Before the tests of a file: nothing of the file before, and the database of the migrations, as a deployment would have it. */
import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'

await reset()
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
