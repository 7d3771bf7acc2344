/** One test project a room: the worker's run inside workerd, the rest on Node, the whole system in e2e. */
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Real swarms, real disks and whole processes: in `npm test`, too slow for the inner loop of `npm run check`. */
const slow = [
  'node-agent/{agent-tasks,catalog-work,main,small-nursery}.test.ts',
  'node-agent/certificate/keep-certificate.test.ts',
  'node-agent/http/{handler,serve-file}.test.ts',
  'node-agent/media/{open-film,look-inside,look-through}.test.ts',
  'node-agent/media/hls/{copied-iframe,copied-segment,play-through}.test.ts',
  'node-agent/media/inside/{inside,ffprobe}.test.ts',
  'node-agent/media/subtitles/{make-subtitles,mp4-window}.test.ts',
  'node-agent/media/making/{make-rendition,made-picture}.test.ts',
  'node-agent/media/making/jobs/making-job.test.ts',
  'node-agent/media/making/wasm/make-sound.test.ts',
  'node-agent/media/thumbnails/make-thumbnail.test.ts',
  'node-agent/torrents/{lending,limits-per-torrent,torrents,unverified-reads}.test.ts',
  'node-agent/torrents/counting/opentracker.test.ts',
  'node-agent/torrents/metadata/read-info.test.ts',
  'node-agent/torrents/blocks/{bounded-memory,engine,hostile-peers}.test.ts',
  'node-agent/torrents/read-range.test.ts',
  'node-agent/torrents/store/{disk-quota,survive}.test.ts',
  'node-agent/p2p/{answer-over-lane,bad-line,peers}.test.ts',
  'node-agent/state/open-database.test.ts',
  'node-agent/torrents/swarm/{guard-trackers,guard-web-seeds,obey-door,peer-exchange,plain-first}.test.ts',
  'node-agent/torrents/swarm/{seeding,swarm,dht/dht6}.test.ts',
  'start/migrate-database.test.ts',
  'start/demo/demo-swarm.test.ts',
]

/** Of the whole, without a browser: several at a time, for they wait more than they work. */
const headless = [
  'e2e/{certificate,port-mapping,vpn,walls}.test.ts',
  'e2e/interop/*.test.ts',
  'e2e/matrix/{plans,segments}.test.ts',
]

const node = (name: string, more: object = {}) => ({
  test: {
    name,
    ...more,
    include: [`${name}/**/*.test.{ts,tsx}`],
    exclude: slow,
    environment: 'node' as const,
    testTimeout: 20_000,
  },
})

/** At the edge: those that set the world of a stand-in for a service elsewhere, which all of them share. */
const withStandIns = [
  'worker/canary.test.ts',
  'worker/auth/{every-way-in,rotate-session.model,seal-again}.test.ts',
  'worker/auth/ways/*.test.ts',
  'worker/catalog/query-plans.test.ts',
  'worker/catalog/{pictures,search,title-page,tmdb}/*.test.ts',
  'worker/library/{history,ratings}/*.test.ts',
  'worker/library/trakt/*.test.ts',
  'worker/playback/subtitles/subtitles.test.ts',
  'worker/privacy/privacy.test.ts',
]

/** At the edge: those that wait until somebody's patience ends, ask every route in every state, or hash many passwords. */
const slowAtTheEdge = [
  'worker/{app,canary,cost,limit-rate}.test.ts',
  'worker/auth/{ended-everywhere,every-way-in,rotate-session.model,seal-again,sessions,setup}.test.ts',
  'worker/auth/factors/second-factor.test.ts',
  'worker/auth/guard/under-attack.test.ts',
  'worker/auth/links/links.test.ts',
  'worker/auth/passkeys/passkeys.test.ts',
  'worker/auth/people/people.test.ts',
  'worker/auth/profiles/profiles.test.ts',
  'worker/auth/ways/oidc.test.ts',
  'worker/catalog/search/search.test.ts',
  'worker/catalog/tmdb/{complete-seasons,refresh-title,sync-changes}.test.ts',
  'worker/library/lists/lists.test.ts',
  'worker/library/ratings/ratings.test.ts',
  'worker/library/trakt/{send-outbox,sync}.test.ts',
  'worker/playback/subtitles/subtitles.test.ts',
  'worker/relay/{relay,relay-limits}.test.ts',
  'worker/tasks/tasks.test.ts',
]

/** One file at a time, after the groups before it. */
const oneByOne = (groupOrder: number) => ({ fileParallelism: false, sequence: { groupOrder } })

/** A project inside workerd. */
const edge = (name: string, files: object) => ({
  plugins: [
    cloudflareTest(async ({ inject }) => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        kvNamespaces: ['CACHE_KV'],
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations('migrations'),
          ...inject('upstreams'),
          RELAY: 'on',
          STUN_URLS: 'stun:stun.test',
          TURN_URLS: 'turn:turn.test',
          TURN_SECRET: 'test-turn-secret',
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
    name,
    ...files,
    // One workerd for many files, emptied before each (test-setup.ts): a new one for each costs more than its tests.
    isolate: false,
    globalSetup: ['e2e/upstreams/for-worker-tests.ts'],
    setupFiles: ['worker/test-setup.ts'],
    // A password takes its time, and on a busy machine more of it.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})

/** A condition of the whole system is waited for; the second that is given by itself is too short on a busy machine. */
const patient = { expect: { poll: { timeout: 30_000 } } }

export default defineConfig({
  test: {
    projects: [
      // Pure: nothing of a file is left for the next.
      node('protocol', { isolate: false }),
      node('node-agent'),
      node('web'),
      node('start'),
      { test: { name: 'slow', include: slow, environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'e2e-headless',
          include: headless,
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          ...patient,
        },
      },
      edge('worker', { include: ['worker/**/*.test.ts'], exclude: [...withStandIns, ...slowAtTheEdge] }),
      edge('worker-upstreams', { include: withStandIns, exclude: slowAtTheEdge, ...oneByOne(1) }),
      edge('worker-slow', { include: slowAtTheEdge, ...oneByOne(2) }),
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: headless,
          environment: 'node',
          ...oneByOne(3),
          testTimeout: 120_000,
          hookTimeout: 180_000,
          ...patient,
        },
      },
    ],
  },
})
