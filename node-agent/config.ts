/** The agent's configuration: the only reader of process.env. A JSON file says the rest; the environment wins. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { availableParallelism, homedir, hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { byteSize } from './byte-size.ts'
import { isLocalHost } from './local-address.ts'
import { parseJson } from './parse-json.ts'
import { RateSchedule } from './torrents/swarm/rate-schedule.ts'
import { SeedingPolicy } from './torrents/swarm/seeding-policy.ts'
import { ECHO_URLS } from './vpn/checks/echo-check.ts'
import { isAddressOrNetwork } from './vpn/checks/home-addresses.ts'
import { NORDVPN_URL } from './vpn/checks/nordvpn-check.ts'
import { problemOf } from './vpn/vpn-settings.ts'

/** A URL of one of these protocols; what `problem` says when it is not. */
const urlOf = (protocols: string[], problem: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: problem,
    abort: true,
  })
const edgeUrl = urlOf(['http:', 'https:'], 'must be an address such as https://porchlight.example')
  .refine(
    (text) => {
      const url = new URL(text)
      return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    },
    { error: 'must be the bare address, without a path, a query or a name in it' },
  )
  .refine((text) => text.toLowerCase().startsWith('https:') || isLocalHost(new URL(text).hostname), {
    error: 'must begin with https:// (plain http is accepted only on this machine and the home network)',
  })
  .transform((text) => new URL(text).origin)

const switchOf = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((word) => word === 'on')
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .refine((number) => number >= min && number <= max, { error: `must be a whole number from ${min} to ${max}` })
const listOf = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item).max(50))
const origin = urlOf(
  ['http:', 'https:'],
  'must be origins such as http://192.168.1.20:8788, separated by commas',
).transform((text) => new URL(text).origin)
const trackerUrl = urlOf(
  ['http:', 'https:', 'udp:', 'ws:', 'wss:'],
  'must be tracker addresses such as udp://tracker.example:1337/announce, separated by commas',
)
const serviceUrl = urlOf(['http:', 'https:'], 'must be addresses such as https://api.ipify.org, separated by commas')
const bytesPerSecond = wholeNumber(1, 100_000_000_000)

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory'

/** Every setting: its schema over the text it is given as. `httpPort` is `PORCHLIGHT_HTTP_PORT` in the environment. */
const settings = z.object({
  edgeUrl,
  stateDir: z
    .string()
    .min(1)
    .default(() => join(homedir(), '.porchlight-agent')),
  name: z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(60, { error: 'must be at most 60 characters' })
    .default(() => hostname().slice(0, 60) || 'home'),
  httpHost: z.string().min(1).default('0.0.0.0'),
  httpPort: wholeNumber(0, 65_535).default(8788),
  addresses: listOf(origin)
    .refine((all) => all.length <= 16, { error: 'must be at most 16 addresses' })
    .optional(),
  tlsCertFile: z.string().min(1).optional(),
  tlsKeyFile: z.string().min(1).optional(),
  httpsPort: wholeNumber(0, 65_535).default(8789),
  acme: switchOf.default(false),
  acmeTerms: z
    .literal('agreed', { error: 'must be "agreed", once you have read the terms of the authority' })
    .optional(),
  acmeDirectory: urlOf(['https:'], 'must be the https address of an ACME directory').default(LETS_ENCRYPT),
  acmeEmail: z.email({ error: 'must be an e-mail address' }).max(200).optional(),
  acmeSettleSeconds: wholeNumber(0, 600).default(10),
  portMapping: switchOf.default(false),
  localPairingSecret: z.string().min(16, { error: 'must be at least 16 characters' }).max(128).optional(),
  trackers: listOf(trackerUrl).default([]),
  discovery: switchOf.default(true),
  peerPort: wholeNumber(0, 65_535).default(0),
  downloadLimit: bytesPerSecond.optional(),
  uploadLimit: bytesPerSecond.optional(),
  downloadLimitPerTorrent: bytesPerSecond.optional(),
  uploadLimitPerTorrent: bytesPerSecond.optional(),
  rateSchedule: RateSchedule.default([]),
  maxPeers: wholeNumber(1, 10_000).default(200),
  maxPeersPerTorrent: wholeNumber(1, 1000).default(60),
  maxHalfOpen: wholeNumber(1, 1000).default(30),
  dhtBootstrap: listOf(
    z.string().regex(/^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):\d{1,5}$/i, {
      error: 'must be hosts with a port such as router.example:6881, separated by commas',
    }),
  ).optional(),
  seeding: SeedingPolicy.default({ kind: 'off' }),
  unverifiedReads: switchOf.default(true),
  diskQuota: byteSize(1e9).optional(),
  diskFloor: byteSize(0).default(1024 ** 3),
  madeVideos: wholeNumber(1, 64).default(() => Math.max(1, Math.floor(availableParallelism() / 2))),
  mostStreams: wholeNumber(1, 10_000).default(30),
  madeQuota: byteSize(1e8).default(4 * 1024 ** 3),
  relay: switchOf.default(true),
  p2p: switchOf.default(true),
  vpn: z.enum(['required', 'preferred', 'off'], { error: 'must be required, preferred or off' }).default('off'),
  vpnInterface: z
    .string()
    .regex(/^[\w.:@-]{1,64}$/, { error: 'must be an interface such as wg0, or an IPv4 address of this machine' })
    .optional(),
  vpnCheck: z.enum(['nordvpn', 'echo', 'none'], { error: 'must be nordvpn, echo or none' }).optional(),
  vpnCheckSeconds: wholeNumber(2, 3600).default(10),
  vpnHomeAddresses: listOf(
    z.string().refine(isAddressOrNetwork, {
      error: 'must be addresses such as 203.0.113.7, or networks such as 2001:db8:1::/48, separated by commas',
    }),
  ).default([]),
  vpnNordvpnUrl: serviceUrl.default(NORDVPN_URL),
  vpnEchoUrls: listOf(serviceUrl).default([...ECHO_URLS]),
  vpnDns: listOf(
    z
      .string()
      .refine((text) => isIP(text) !== 0, { error: 'must be addresses such as 103.86.96.100, separated by commas' }),
  ).optional(),
})

export type AgentConfig = Readonly<
  Omit<z.infer<typeof settings>, 'localPairingSecret'> & {
    /** Where programs such as ffmpeg are looked for. */
    programPath: string
    /** Settings of one content provider, by their name: `SOURCE_DEMO_CATALOG` is `{ catalog }` of `demo`. */
    sourceSettings: (sourceId: string) => Record<string, string>
  }
>
/** Kept apart, so that printing or logging a configuration never shows one. */
export type AgentSecrets = Readonly<{ localPairingSecret: string | undefined }>

type Environment = Readonly<Record<string, string | undefined>>
type Texts = Record<string, string>

const environmentName = (key: string) => `PORCHLIGHT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** Reads file and environment. Throws `invalid` with one line for each setting that is wrong, naming it. */
export function readConfig(
  environment: Environment = process.env,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): { config: AgentConfig; secrets: AgentSecrets } {
  const file = environment.PORCHLIGHT_CONFIG ? readConfigFile(environment.PORCHLIGHT_CONFIG, readFile) : undefined
  const texts: Texts = { ...file?.settings }
  for (const key of Object.keys(settings.shape)) {
    const text = environment[environmentName(key)]
    if (text !== undefined && text !== '') texts[key] = text
  }
  const parsed = settings.safeParse(texts)
  if (!parsed.success) throw new AppError('invalid', describeIssues(parsed.error.issues, texts))
  const { localPairingSecret, ...config } = parsed.data
  if ((config.tlsCertFile === undefined) !== (config.tlsKeyFile === undefined)) {
    throw new AppError(
      'invalid',
      'PORCHLIGHT_TLS_CERT_FILE and PORCHLIGHT_TLS_KEY_FILE go together: set both, or neither.',
    )
  }
  const acmeProblem = acmeProblemOf(config)
  if (acmeProblem !== undefined) throw new AppError('invalid', acmeProblem)
  if (config.portMapping && !config.acme) {
    throw new AppError(
      'invalid',
      'PORCHLIGHT_PORT_MAPPING needs PORCHLIGHT_ACME: only what is served over HTTPS is opened to the internet.',
    )
  }
  const vpnProblem = problemOf(config)
  if (vpnProblem !== undefined) throw new AppError('invalid', vpnProblem)
  const sources = { ...file?.sources, ...sourceTexts(environment) }
  return {
    config: Object.freeze({
      ...config,
      programPath: environment.PATH ?? '',
      sourceSettings: (sourceId: string) => settingsOf(sources, sourceId),
    }),
    secrets: Object.freeze({ localPairingSecret }),
  }
}

/** Terms are agreed to by a person, in so many words: never because a program was started. */
function acmeProblemOf({
  acme,
  acmeTerms,
  tlsCertFile,
}: Pick<z.infer<typeof settings>, 'acme' | 'acmeTerms' | 'tlsCertFile'>): string | undefined {
  if (!acme) return undefined
  if (tlsCertFile !== undefined) {
    return 'PORCHLIGHT_ACME and PORCHLIGHT_TLS_CERT_FILE exclude each other: the agent serves with one certificate.'
  }
  if (acmeTerms === 'agreed') return undefined
  return 'PORCHLIGHT_ACME needs PORCHLIGHT_ACME_TERMS=agreed: the authority has terms (Let’s Encrypt: https://letsencrypt.org/repository). Read them first.'
}

function describeIssues(issues: z.core.$ZodIssue[], texts: Texts): string {
  const lines = new Map<string, string>()
  for (const { path, message } of issues) {
    const key = String(path[0])
    const problem = texts[key] === undefined ? 'is missing: set it to the address of your Porchlight' : message
    lines.set(key, `${environmentName(key)} ${problem}.`)
  }
  return [...lines.values()].join('\n')
}

const ConfigFile = z.record(
  z.string(),
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.string()),
    z.record(z.string(), z.record(z.string(), z.string())),
  ]),
)

function readConfigFile(
  path: string,
  readFile: (path: string) => string,
): {
  settings: Texts
  sources: Texts
} {
  const refuse = (problem: string) => new AppError('invalid', `PORCHLIGHT_CONFIG: the file ${path} ${problem}.`)
  let text: string
  try {
    text = readFile(path)
  } catch (cause) {
    throw new AppError('invalid', `PORCHLIGHT_CONFIG: the file ${path} cannot be read.`, { cause })
  }
  const parsed = ConfigFile.safeParse(parseJson(text))
  if (!parsed.success) throw refuse('is not a JSON object of settings')
  const { sources = {}, ...rest } = parsed.data
  if (typeof sources !== 'object' || Array.isArray(sources)) throw refuse('has "sources" that is not an object')
  const settingTexts: Texts = {}
  for (const [key, value] of Object.entries(rest)) {
    if (!Object.hasOwn(settings.shape, key)) throw refuse(`has "${key}", which is not a setting`)
    settingTexts[key] = asText(value)
  }
  const sourceTexts = Object.entries(sources).flatMap(([id, options]) =>
    Object.entries(options).map(([key, value]) => [sourceName(id, key), value] as const),
  )
  return { settings: settingTexts, sources: Object.fromEntries(sourceTexts) }
}

function asText(value: z.infer<typeof ConfigFile>[string]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(',') : String(value)
}

const sourceName = (sourceId: string, key: string) => `SOURCE_${sourceId}_${key}`.toUpperCase().replaceAll('-', '_')

const sourceTexts = (environment: Environment): Texts =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[0].startsWith('SOURCE_') && !!entry[1],
    ),
  )

function settingsOf(sources: Texts, sourceId: string): Record<string, string> {
  const prefix = sourceName(sourceId, '')
  const own = Object.entries(sources).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length).toLowerCase(), value]))
}
