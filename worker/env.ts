/** Bindings and secrets the Worker is given, and what middleware leaves in a request's context. */
import type { AgentHub } from './agents/agent-hub.ts'
import type { Guard } from './auth/guard/guard.ts'
import type { PasswordHasher } from './auth/password-hasher.ts'
import type { WaySettings } from './auth/ways/way-settings.ts'
import type { TmdbSettings } from './catalog/tmdb/tmdb-settings.ts'
import type { UpstreamGate } from './catalog/upstream/upstream-gate.ts'
import type { Relay } from './relay/relay.ts'
import type { RelayMeter } from './relay/relay-meter.ts'

export type Bindings = WaySettings &
  TmdbSettings & {
    DB: D1Database
    /** The web app. Absent where only the API runs (tests). */
    ASSETS?: Fetcher
    AGENT_HUB: DurableObjectNamespace<AgentHub>
    RELAY_POINT: DurableObjectNamespace<Relay>
    RELAY_METER: DurableObjectNamespace<RelayMeter>
    PASSWORD_HASHER: DurableObjectNamespace<PasswordHasher>
    GUARD: DurableObjectNamespace<Guard>
    UPSTREAM_GATE: DurableObjectNamespace<UpstreamGate>
    /** By address, for the routes that anybody may try. */
    OUTER_LIMIT?: RateLimit
    /** JSON key ring (keyring.ts); every other key is derived from it. */
    KEYRING: string
    /** `<expiry epoch seconds>.<random>`: whoever holds it may make the first admin. Unset once set up. */
    SETUP_SECRET?: string
    /** Only where edge and agent run on one machine: a pairing request that carries it is confirmed at once. */
    LOCAL_PAIRING_SECRET?: string
    /** The one origin of the web app; without it the origin a request was sent to. */
    APP_ORIGIN?: string
    /** Letters: "http" (a relay that takes a POST, with the three below), "console" (development), else none. */
    MAILER?: string
    MAIL_API_URL?: string
    MAIL_API_KEY?: string
    MAIL_FROM?: string
    /** "off" lets an admin in with a password alone: for an edge that only its own machine reaches. Anything else asks for a second factor. */
    REQUIRE_ADMIN_SECOND_FACTOR?: string
    /** The zone in which agents get names, for certificates of their own: its id, the domain below which names are
     * given, and a token that may edit its DNS (secret). All three, or none. */
    DNS_ZONE_ID?: string
    DNS_ZONE_NAME?: string
    DNS_API_TOKEN?: string
    /** Where its DNS API is, when not Cloudflare's. */
    DNS_API_URL?: string
    /** The relay moves video through the edge: "on" or anything else. */
    RELAY: string
    /** Bytes a second through the relay, of all together and of each viewer; without them as fast as it goes. */
    RELAY_HOUSEHOLD_LIMIT?: string
    RELAY_VIEWER_LIMIT?: string
    /** STUN servers for peer to peer, such as `stun:stun.example`, with commas or spaces between. None: host addresses only. */
    STUN_URLS?: string
    /** TURN servers for it, such as `turn:turn.example?transport=udp`, that share TURN_SECRET with us. */
    TURN_URLS?: string
    /** coturn's `static-auth-secret`; without it no TURN server is used. Secret. */
    TURN_SECRET?: string
    /** Layers of the cache, nearest first: of `memory`, `edge`, `kv`, `d1`, with commas between. */
    CACHE_STORES?: string
    /** For the layer `kv`. */
    CACHE_KV?: KVNamespace
    /** Of OpenSubtitles, for the search of subtitles; without it there is none. Secret. */
    OPENSUBTITLES_KEY?: string
    /** Where its REST API is, when not at its own address. */
    OPENSUBTITLES_URL?: string
  }

export type Variables = {
  correlationId: string
  /** The edge's clock at the start of the request, epoch seconds. */
  now: number
  /** Set by a route whose response must leave as it is: no header may be added to it. */
  untouched?: boolean
}

export type AppEnv = { Bindings: Bindings; Variables: Variables }

declare global {
  namespace Cloudflare {
    interface Env extends Bindings {
      TEST_MIGRATIONS: { name: string; queries: string[] }[]
    }
    interface GlobalProps {
      mainModule: typeof import('./main.ts')
    }
  }
}
