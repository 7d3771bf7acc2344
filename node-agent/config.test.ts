/** Configuration: defaults, precedence, and messages that name what is wrong. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { readConfig } from './config.ts'

const edge = { PORCHLIGHT_EDGE_URL: 'https://porchlight.example' }
const messageOf = (environment: Record<string, string>, readFile?: (path: string) => string): string => {
  try {
    readConfig(environment, readFile)
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid') return error.message
    throw error
  }
  return ''
}

describe('readConfig', () => {
  it('needs only the address of the edge', () => {
    const { config } = readConfig({ PORCHLIGHT_EDGE_URL: 'https://Porchlight.Example/' })
    expect(config).toMatchObject({
      edgeUrl: 'https://porchlight.example',
      httpHost: '0.0.0.0',
      httpPort: 8788,
      discovery: true,
      relay: true,
      trackers: [],
      peerPort: 0,
      rateSchedule: [],
      maxPeers: 200,
      maxPeersPerTorrent: 60,
      maxHalfOpen: 30,
      seeding: { kind: 'off' },
      diskFloor: 1024 ** 3,
      vpn: 'off',
    })
    expect(config.diskQuota).toBeUndefined()
    expect(config.dhtBootstrap).toBeUndefined()
    expect(config.name).not.toBe('')
    expect(config.stateDir).toMatch(/\.porchlight-agent$/)
  })

  it('reads every setting from the environment', () => {
    const { config, secrets } = readConfig({
      PORCHLIGHT_EDGE_URL: 'http://localhost:8787',
      PORCHLIGHT_STATE_DIR: '/tmp/state',
      PORCHLIGHT_NAME: ' Attic ',
      PORCHLIGHT_HTTP_HOST: '127.0.0.1',
      PORCHLIGHT_HTTP_PORT: '0',
      PORCHLIGHT_ADDRESSES: 'http://192.168.1.2:8788, https://home.example/',
      PORCHLIGHT_TLS_CERT_FILE: 'cert.pem',
      PORCHLIGHT_TLS_KEY_FILE: 'key.pem',
      PORCHLIGHT_LOCAL_PAIRING_SECRET: 'a-secret-of-enough-length',
      PORCHLIGHT_TRACKERS: 'udp://tracker.example:1337/announce,http://127.0.0.1:9/announce',
      PORCHLIGHT_DISCOVERY: 'off',
      PORCHLIGHT_PEER_PORT: '6881',
      PORCHLIGHT_DOWNLOAD_LIMIT: '1000000',
      PORCHLIGHT_UPLOAD_LIMIT: '2000',
      PORCHLIGHT_DOWNLOAD_LIMIT_PER_TORRENT: '500000',
      PORCHLIGHT_UPLOAD_LIMIT_PER_TORRENT: '1000',
      PORCHLIGHT_RATE_SCHEDULE: '18:00-23:30 down=4000000 up=off',
      PORCHLIGHT_MAX_PEERS: '90',
      PORCHLIGHT_MAX_PEERS_PER_TORRENT: '30',
      PORCHLIGHT_MAX_HALF_OPEN: '10',
      PORCHLIGHT_DHT_BOOTSTRAP: 'router.example:6881, [2001:db8::1]:6881',
      PORCHLIGHT_SEEDING: 'ratio 1.5',
      PORCHLIGHT_DISK_QUOTA: '200GB',
      PORCHLIGHT_DISK_FLOOR: '0',
      PORCHLIGHT_RELAY: 'off',
      PORCHLIGHT_VPN: 'required',
      PORCHLIGHT_VPN_INTERFACE: 'wg0',
      PORCHLIGHT_VPN_CHECK: 'echo',
      PORCHLIGHT_VPN_CHECK_SECONDS: '30',
      PORCHLIGHT_VPN_HOME_ADDRESSES: '203.0.113.7, 2001:db8:1::/48',
      PORCHLIGHT_VPN_NORDVPN_URL: 'http://127.0.0.1:9',
      PORCHLIGHT_VPN_ECHO_URLS: 'http://127.0.0.1:1, http://127.0.0.1:2',
      PORCHLIGHT_VPN_DNS: '103.86.96.100',
      SOURCE_DEMO_CATALOG: '/tmp/catalog.json',
    })
    expect(config).toMatchObject({
      edgeUrl: 'http://localhost:8787',
      stateDir: '/tmp/state',
      name: 'Attic',
      httpHost: '127.0.0.1',
      httpPort: 0,
      addresses: ['http://192.168.1.2:8788', 'https://home.example'],
      tlsCertFile: 'cert.pem',
      tlsKeyFile: 'key.pem',
      discovery: false,
      peerPort: 6881,
      downloadLimit: 1_000_000,
      uploadLimit: 2000,
      downloadLimitPerTorrent: 500_000,
      uploadLimitPerTorrent: 1000,
      rateSchedule: [{ fromMinute: 1080, toMinute: 1410, download: 4_000_000, upload: 'off' }],
      maxPeers: 90,
      maxPeersPerTorrent: 30,
      maxHalfOpen: 10,
      dhtBootstrap: ['router.example:6881', '[2001:db8::1]:6881'],
      seeding: { kind: 'ratio', ratio: 1.5 },
      diskQuota: 200e9,
      diskFloor: 0,
      relay: false,
      vpn: 'required',
      vpnInterface: 'wg0',
      vpnCheck: 'echo',
      vpnCheckSeconds: 30,
      vpnHomeAddresses: ['203.0.113.7', '2001:db8:1::/48'],
      vpnNordvpnUrl: 'http://127.0.0.1:9',
      vpnEchoUrls: ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
      vpnDns: ['103.86.96.100'],
    })
    expect(secrets).toEqual({ localPairingSecret: 'a-secret-of-enough-length' })
    expect(config.sourceSettings('demo')).toEqual({ catalog: '/tmp/catalog.json' })
    expect(config.sourceSettings('other')).toEqual({})
  })

  it('keeps secrets out of the configuration', () => {
    const { config } = readConfig({ ...edge, PORCHLIGHT_LOCAL_PAIRING_SECRET: 'a-secret-of-enough-length' })
    expect(JSON.stringify(config)).not.toContain('a-secret')
  })

  it('takes a file for the rest, and the environment wins', () => {
    const file = JSON.stringify({
      edgeUrl: 'https://from-file.example',
      httpPort: 9000,
      discovery: false,
      addresses: ['http://10.0.0.2:9000'],
      sources: { demo: { catalog: 'file.json' } },
    })
    const { config } = readConfig({ PORCHLIGHT_CONFIG: 'agent.json', PORCHLIGHT_HTTP_PORT: '9001' }, () => file)
    expect(config).toMatchObject({
      edgeUrl: 'https://from-file.example',
      httpPort: 9001,
      discovery: false,
      addresses: ['http://10.0.0.2:9000'],
    })
    expect(config.sourceSettings('demo')).toEqual({ catalog: 'file.json' })
  })

  it.each([
    ['PORCHLIGHT_EDGE_URL', {}],
    ['PORCHLIGHT_EDGE_URL', { PORCHLIGHT_EDGE_URL: '' }],
    ['PORCHLIGHT_EDGE_URL', { PORCHLIGHT_EDGE_URL: 'porchlight.example' }],
    ['PORCHLIGHT_EDGE_URL', { PORCHLIGHT_EDGE_URL: 'ftp://porchlight.example' }],
    ['PORCHLIGHT_EDGE_URL', { PORCHLIGHT_EDGE_URL: 'https://porchlight.example/path' }],
    ['PORCHLIGHT_EDGE_URL', { PORCHLIGHT_EDGE_URL: 'https://me@porchlight.example' }],
    ['https://', { PORCHLIGHT_EDGE_URL: 'http://porchlight.example' }],
    ['PORCHLIGHT_NAME', { ...edge, PORCHLIGHT_NAME: 'x'.repeat(61) }],
    ['PORCHLIGHT_HTTP_PORT', { ...edge, PORCHLIGHT_HTTP_PORT: '65536' }],
    ['PORCHLIGHT_HTTP_PORT', { ...edge, PORCHLIGHT_HTTP_PORT: 'http' }],
    ['PORCHLIGHT_HTTP_PORT', { ...edge, PORCHLIGHT_HTTP_PORT: '-1' }],
    ['PORCHLIGHT_ADDRESSES', { ...edge, PORCHLIGHT_ADDRESSES: '192.168.1.2' }],
    ['PORCHLIGHT_TRACKERS', { ...edge, PORCHLIGHT_TRACKERS: 'file:///etc/passwd' }],
    ['PORCHLIGHT_DISCOVERY', { ...edge, PORCHLIGHT_DISCOVERY: 'yes' }],
    ['PORCHLIGHT_RELAY', { ...edge, PORCHLIGHT_RELAY: 'true' }],
    ['PORCHLIGHT_DOWNLOAD_LIMIT', { ...edge, PORCHLIGHT_DOWNLOAD_LIMIT: '0' }],
    ['PORCHLIGHT_UPLOAD_LIMIT', { ...edge, PORCHLIGHT_UPLOAD_LIMIT: '1.5' }],
    ['PORCHLIGHT_RATE_SCHEDULE', { ...edge, PORCHLIGHT_RATE_SCHEDULE: 'at night' }],
    ['PORCHLIGHT_MAX_PEERS', { ...edge, PORCHLIGHT_MAX_PEERS: '0' }],
    ['PORCHLIGHT_MAX_PEERS_PER_TORRENT', { ...edge, PORCHLIGHT_MAX_PEERS_PER_TORRENT: '1001' }],
    ['PORCHLIGHT_MAX_HALF_OPEN', { ...edge, PORCHLIGHT_MAX_HALF_OPEN: 'few' }],
    ['PORCHLIGHT_DHT_BOOTSTRAP', { ...edge, PORCHLIGHT_DHT_BOOTSTRAP: 'router.example' }],
    ['PORCHLIGHT_SEEDING', { ...edge, PORCHLIGHT_SEEDING: 'forever' }],
    ['PORCHLIGHT_DISK_QUOTA', { ...edge, PORCHLIGHT_DISK_QUOTA: '10MB' }],
    ['PORCHLIGHT_DISK_FLOOR', { ...edge, PORCHLIGHT_DISK_FLOOR: 'some' }],
    ['PORCHLIGHT_VPN', { ...edge, PORCHLIGHT_VPN: 'on' }],
    ['PORCHLIGHT_VPN_INTERFACE', { ...edge, PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_INTERFACE: 'wg0; rm' }],
    ['PORCHLIGHT_VPN_INTERFACE', { ...edge, PORCHLIGHT_VPN_INTERFACE: 'wg0' }],
    ['PORCHLIGHT_VPN_CHECK', { ...edge, PORCHLIGHT_VPN_CHECK: 'nordvpn' }],
    ['PORCHLIGHT_VPN_CHECK', { ...edge, PORCHLIGHT_VPN: 'preferred', PORCHLIGHT_VPN_CHECK: 'none' }],
    ['PORCHLIGHT_VPN_HOME_ADDRESSES', { ...edge, PORCHLIGHT_VPN: 'required', PORCHLIGHT_VPN_CHECK: 'echo' }],
    ['PORCHLIGHT_VPN_HOME_ADDRESSES', { ...edge, PORCHLIGHT_VPN_HOME_ADDRESSES: 'home' }],
    ['PORCHLIGHT_VPN_ECHO_URLS', { ...edge, PORCHLIGHT_VPN_ECHO_URLS: 'api.ipify.org' }],
    ['PORCHLIGHT_VPN_DNS', { ...edge, PORCHLIGHT_VPN_DNS: 'dns.example' }],
    ['PORCHLIGHT_LOCAL_PAIRING_SECRET', { ...edge, PORCHLIGHT_LOCAL_PAIRING_SECRET: 'short' }],
    ['PORCHLIGHT_TLS_KEY_FILE', { ...edge, PORCHLIGHT_TLS_CERT_FILE: 'cert.pem' }],
    ['PORCHLIGHT_ACME_TERMS=agreed', { ...edge, PORCHLIGHT_ACME: 'on' }],
    ['PORCHLIGHT_ACME_TERMS', { ...edge, PORCHLIGHT_ACME: 'on', PORCHLIGHT_ACME_TERMS: 'yes' }],
    ['PORCHLIGHT_PORT_MAPPING needs PORCHLIGHT_ACME', { ...edge, PORCHLIGHT_PORT_MAPPING: 'on' }],
    ['PORCHLIGHT_ACME_DIRECTORY', { ...edge, PORCHLIGHT_ACME_DIRECTORY: 'http://acme.example/dir' }],
    [
      'exclude each other',
      {
        ...{ ...edge, PORCHLIGHT_ACME: 'on', PORCHLIGHT_ACME_TERMS: 'agreed' },
        ...{ PORCHLIGHT_TLS_CERT_FILE: 'cert.pem', PORCHLIGHT_TLS_KEY_FILE: 'key.pem' },
      },
    ],
  ])('names %s when it is wrong', (name, environment) => {
    expect(messageOf(environment)).toContain(name)
  })

  it('names every setting that is wrong, each on its own line', () => {
    const message = messageOf({ PORCHLIGHT_HTTP_PORT: 'x', PORCHLIGHT_RELAY: 'x' })
    expect(message.split('\n')).toHaveLength(3)
  })

  it('does not repeat a secret in its message', () => {
    expect(messageOf({ ...edge, PORCHLIGHT_LOCAL_PAIRING_SECRET: 'hunter2' })).not.toContain('hunter2')
  })

  it.each([
    [
      'cannot be read',
      () => {
        throw new Error('ENOENT')
      },
    ],
    ['is not a JSON object', () => 'edgeUrl: x'],
    ['is not a JSON object', () => '[]'],
    ['has "htpPort", which is not a setting', () => '{"htpPort": 1}'],
    ['has "constructor", which is not a setting', () => '{"constructor": 1}'],
    ['has "sources" that is not an object', () => '{"sources": 1}'],
  ])('says of the file that it %s', (problem, readFile) => {
    const message = messageOf({ ...edge, PORCHLIGHT_CONFIG: 'agent.json' }, readFile)
    expect(message).toContain('PORCHLIGHT_CONFIG')
    expect(message).toContain(problem)
  })

  it('answers any environment with a configuration or a refusal', () => {
    const names = ['EDGE_URL', 'HTTP_PORT', 'ADDRESSES', 'TRACKERS', 'DISCOVERY', 'NAME', 'DOWNLOAD_LIMIT', 'CONFIG']
    const environment = fc.dictionary(
      fc.constantFrom(...names).map((name) => `PORCHLIGHT_${name}`),
      fc.oneof(fc.string(), fc.webUrl(), fc.integer().map(String)),
    )
    fc.assert(
      fc.property(environment, fc.oneof(fc.string(), fc.json()), (variables, file) => {
        try {
          const { config } = readConfig(variables, () => file)
          expect(config.edgeUrl).toMatch(/^https?:\/\/[^/]+$/)
          expect(config.httpPort).toBeLessThanOrEqual(65_535)
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError', code: 'invalid' })
        }
      }),
    )
  })
})
