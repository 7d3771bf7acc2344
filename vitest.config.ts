/** One test project a room: the worker's run inside workerd, the rest on Node, the whole system in e2e. */
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const node = (name: string) => ({ test: { name, include: [`${name}/**/*.test.{ts,tsx}`], environment: 'node' } })

export default defineConfig({
  test: {
    projects: [
      node('protocol'),
      node('node-agent'),
      node('web'),
      node('start'),
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('migrations'),
                RELAY: 'on',
                KEYRING: '{"active":"t1","keys":{"t1":"dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0"}}',
                SETUP_SECRET: '4102444800.test-setup-secret-test-setup-secret',
                LOCAL_PAIRING_SECRET: 'test-local-pairing-secret-0123456789',
              },
            },
          })),
        ],
        test: {
          name: 'worker',
          include: ['worker/**/*.test.ts'],
          setupFiles: ['worker/test-setup.ts'],
          // A password takes its time, and on a busy machine more of it.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
