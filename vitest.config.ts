/** One test project a room: the worker's run inside workerd, the rest on Node, the whole system in e2e. */
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Real swarms, real disks and whole processes: in `npm test`, too slow for the inner loop of `npm run check`. */
const slow = [
  'node-agent/main.test.ts',
  'node-agent/http/{handler,serve-file}.test.ts',
  'node-agent/media/{open-film,look-inside}.test.ts',
  'node-agent/media/hls/{copied-iframe,copied-segment,play-through}.test.ts',
  'node-agent/media/inside/{inside,ffprobe}.test.ts',
  'node-agent/media/subtitles/{make-subtitles,mp4-window}.test.ts',
  'node-agent/media/making/{make-rendition,made-picture}.test.ts',
  'node-agent/media/making/jobs/making-job.test.ts',
  'node-agent/media/making/wasm/make-sound.test.ts',
  'node-agent/media/thumbnails/make-thumbnail.test.ts',
  'node-agent/torrents/{torrents,unverified-reads}.test.ts',
  'node-agent/torrents/blocks/{bounded-memory,engine,hostile-peers}.test.ts',
  'node-agent/torrents/read-range.test.ts',
  'node-agent/torrents/store/{disk-quota,survive}.test.ts',
  'node-agent/torrents/swarm/{guard-trackers,guard-web-seeds,swarm,dht/dht6}.test.ts',
  'start/demo/demo-swarm.test.ts',
]

const node = (name: string) => ({
  test: {
    name,
    include: [`${name}/**/*.test.{ts,tsx}`],
    exclude: slow,
    environment: 'node' as const,
    testTimeout: 20_000,
  },
})

export default defineConfig({
  test: {
    projects: [
      node('protocol'),
      node('node-agent'),
      node('web'),
      node('start'),
      { test: { name: 'slow', include: slow, environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        plugins: [
          cloudflareTest(async ({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('migrations'),
                ...inject('upstreams'),
                RELAY: 'on',
                // What it changes is tested on its own; the other rooms' admins come in with a password.
                REQUIRE_ADMIN_SECOND_FACTOR: 'off',
                MAILER: 'http',
                MAIL_API_URL: 'https://mail.test/send',
                MAIL_API_KEY: 'test-mail-key',
                MAIL_FROM: 'porch@example.org',
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
          // One workerd for many files, emptied before each (test-setup.ts): a new one for each costs more than its tests.
          isolate: false,
          // They share the stand-ins of services elsewhere, whose world each file sets.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          globalSetup: ['e2e/upstreams/for-worker-tests.ts'],
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
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
