/** Starts the agent's rooms and wires them to one another; stops them in reverse. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { Capabilities } from '#protocol/capabilities.ts'
import { AppError } from '#protocol/errors.ts'
import { alsoAnswers, createAgent } from './agent.ts'
import { agentTasks, taskBudgets } from './agent-tasks.ts'
import { isWorthTelling, reachableAt } from './capabilities.ts'
import { createCapacity } from './capacity.ts'
import { createCatalogWork } from './catalog-work.ts'
import type { AgentConfig, AgentSecrets } from './config.ts'
import { createDrain } from './drain.ts'
import { hasAddress } from './has-address.ts'
import { createAuthorize, createFindKey } from './http/authorize.ts'
import { createHandler } from './http/handler.ts'
import { Leases } from './http/leases.ts'
import { startHttpServer, type TlsFiles } from './http/server.ts'
import { createEdgeClock } from './link/edge-clock.ts'
import { loadIdentityKey } from './link/identity-key.ts'
import { createSignedPost } from './link/signed-post.ts'
import { type Linked, stayLinked } from './link/stay-linked.ts'
import type { Log } from './log.ts'
import { createMakeResource } from './media/make-resource.ts'
import { createSubtitleMakers } from './media/subtitles/make-subtitles.ts'
import { startPeers } from './p2p/start-peers.ts'
import { createPostPart } from './relay/post-part.ts'
import { createRelays } from './relay/relays.ts'
import { createProviderBoard } from './sources/provider-board.ts'
import { providers } from './sources/sources.ts'
import { startFilms } from './start-films.ts'
import { startReach } from './start-reach.ts'
import { startSources } from './start-sources.ts'
import { openState } from './state/state.ts'
import { startTaskLoop } from './task-loop.ts'
import { createScrape } from './torrents/counting/scrape.ts'
import { createHeldTorrents } from './torrents/held-torrents.ts'
import { downloadFolders, folderBytes, freeBytes } from './torrents/store/disk-usage.ts'
import { softwareVersion } from './version.ts'
import { startVpn } from './vpn/start-vpn.ts'

/** How long a stop waits for players to have gone on elsewhere; whoever stops us is not patient for much longer. */
const LEAVE_SECONDS = 2

/** Lines for machines, and words for the person at the terminal. */
export type Voices = { log: Log; say: (text: string) => void }
export type Stop = () => Promise<void> | void

/** Starts everything; what was started is stopped again when a later step fails. */
export async function startAgent(config: AgentConfig, secrets: AgentSecrets, voices: Voices): Promise<Stop> {
  const stops: Stop[] = []
  const stopAll = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    await startRooms(config, secrets, voices, (stop) => stops.push(stop))
    return stopAll
  } catch (error) {
    await stopAll()
    throw error
  }
}

async function startRooms(
  config: AgentConfig,
  secrets: AgentSecrets,
  { log, say }: Voices,
  stopLater: (stop: Stop) => void,
): Promise<void> {
  const { edgeUrl, stateDir } = config
  const userAgent = `Porchlight/${softwareVersion} (home media; one household)`
  const tls = await readTls(config)

  // state
  const state = openState(stateDir)
  stopLater(() => state.close())
  const { settings } = state
  const key = await loadIdentityKey(stateDir)
  const clock = createEdgeClock(Number(settings.get('clockOffsetSeconds') ?? 0))
  const agentId = () => settings.get('agentId')

  // vpn
  let onVpnChanged = () => {}
  const vpn = startVpn(config, state.vpn, log, () => onVpnChanged())
  stopLater(() => vpn.close())
  const { door } = vpn
  const wayOut = door ? { wayOut: door } : {}
  const board = createProviderBoard(providers, config.sourceSettings, state.providers, {
    ...{ userAgent, log, localFilms: state.localFilms, ...wayOut },
  })

  // torrents, media
  const films = await startFilms(config, { state, key, door, log, stopLater })
  const { client, torrents, sealed, trackers, subtitles, making, files, hls, film, folder } = films
  const { capabilities: canMake } = making

  // http
  let linked: Linked | undefined
  const leases = new Leases(state.streams, clock.now)
  let onLeaving = () => {}
  const drain = createDrain(
    () => leases.watched.size,
    () => onLeaving(),
  )
  const capacity = createCapacity({
    watched: () => leases.watched,
    mostStreams: config.mostStreams,
    makings: () => making.jobs.count('video'),
    mostMakings: config.madeVideos,
  })
  const findKey = createFindKey(() => settings.verificationKeys())
  const handle = createHandler({
    authorize: createAuthorize({ agentId, findKey, files, leases }),
    make: createMakeResource(files.film, {
      ...hls,
      ...createSubtitleMakers(subtitles),
      thumbnail: making.makeThumbnail,
    }),
    appOrigin: () => settings.get('appOrigin'),
    isLeaving: drain.isLeaving,
    isVpnDown: () => door?.isOpen === false,
    health: () => ({ status: 'ok', version: softwareVersion, link: linked?.state() ?? 'unpaired' }),
    log,
  })
  const server = await startHttpServer(handle, { host: config.httpHost, port: config.httpPort, tls }, log)
  stopLater(() => server.close())
  stopLater(() => leases.endAll())

  // relay
  const post = createPostPart(edgeUrl)
  const relays = createRelays({
    isOn: config.relay,
    handle,
    post,
    signer: () => {
      const id = agentId()
      return id === undefined ? undefined : { agentId: id, privateKey: key.privateKey, now: clock.now }
    },
    log,
  })
  stopLater(() => post.close())
  stopLater(() => relays.close())

  // p2p
  const peers = await startPeers(config, handle, log)
  stopLater(() => peers.closeAll())

  // names, and a certificate for them
  const signedAsk = (path: string, body: unknown, signal: AbortSignal) =>
    createSignedPost({ edgeUrl, agentId: agentId() ?? '', key, now: clock.now, fetch })(path, body, signal)
  const reach = await startReach(config, {
    ...{ handle, post: signedAsk, appOrigin: () => settings.get('appOrigin'), now: clock.now, log },
  })
  stopLater(() => reach.close())

  // what the hub is told
  const listening = { host: config.httpHost, port: server.port, isSecure: tls !== undefined }
  const { hasFfmpeg } = await canMake()
  const instanceId = randomUUID().slice(0, 13)
  /** What costs nothing to say, and may change while the disk is measured. */
  const ofTheMoment = () => ({
    vpn: vpn.status(),
    load: capacity.load(),
    ...(drain.isLeaving() && { isLeaving: true }),
  })
  const plainOrigins = () => config.addresses ?? reachableAt(listening, networkInterfaces())
  const certificateStatus = () => {
    const certificate = reach.status()
    return certificate && { certificate }
  }
  const measure = async (): Promise<Capabilities> => ({
    name: config.name,
    softwareVersion,
    addresses: reach.origins(plainOrigins()),
    ...certificateStatus(),
    relay: config.relay,
    p2p: peers.isOn,
    ffmpeg: hasFfmpeg,
    instanceId,
    alsoAnswers: [...alsoAnswers],
    disk: { freeBytes: await freeBytes(folder), usedBytes: await usedBytes(folder) },
    ...ofTheMoment(),
  })
  let capabilities = await measure()
  log.info('agent_started', { version: softwareVersion, port: server.port, address: capabilities.addresses[0] })

  // link, sources
  const sources = await startSources({
    ...{ board, signedAsk, log, localFilms: state.localFilms, trust: trackers.trust },
    isConnected: () => linked?.state() === 'connected',
    want: (task) => loop.want(task),
  })
  const { search, ownFilms } = sources
  stopLater(() => sources.close())
  linked = stayLinked({
    ...{ edgeUrl, softwareVersion, key, clock, say, log, fetch },
    name: config.name,
    localPairingSecret: secrets.localPairingSecret,
    state: settings,
    capabilities: () => ({ ...capabilities, ...ofTheMoment() }),
    addresses: () => reachableAt(listening, networkInterfaces()).join(),
    hasAddress: (address) => hasAddress(networkInterfaces(), address),
    isWatched: () => leases.isAnyRunning,
    handle: createAgent({
      ...{ film, leases, relays, peers, subtitles, search, ownFilms, capacity, drain, making: making.jobs },
      providers: board,
      tasks: () => loop,
      // Behind a door no neighbour is reached, nor reaches us.
      lend: async ({ infoHash, to }) => (door ? undefined : torrents.lend(infoHash, to)),
      held: createHeldTorrents({
        state: state.torrents,
        isLocal: (infoHash) => state.localFilms.find(infoHash) !== undefined,
        peerPort: () => (door ? undefined : client.torrentPort),
        interfaces: networkInterfaces,
      }),
    }),
    onWelcome: ({ revokedStreams }, signal) => {
      post.forgetIdle()
      leases.replaceRevoked(revokedStreams)
      for (const streamId of revokedStreams) peers.closeStream(streamId)
      void sources.tellOffers(signal)
      loop.want('reach')
    },
    onRemoved() {
      leases.endAll()
      peers.closeAll()
    },
  })
  stopLater(() => linked?.close())
  const measureAndTell = async () => {
    const before = capabilities
    capabilities = await measure().catch(() => before)
    if (isWorthTelling(before, capabilities)) linked?.changed(capabilities)
  }
  const catalog = createCatalogWork({
    ...{ search, torrents, kept: sealed, isTrustedTracker: trackers.isTrusted, trackers: config.trackers, log },
    post: (call, signal) => signedAsk('/api/work', call, signal),
    isReady: () => linked?.state() === 'connected' && door?.isOpen !== false,
    canSearch: () => board.enabled().some((provider) => provider.search !== undefined),
    scrape: createScrape(client.strangers),
  })
  const tasks = agentTasks({
    catalog,
    tellLocalFilms: sources.tellLocalFilms,
    tidyUp: () => state.torrentBlobs.tidy(clock.now()),
    measure: measureAndTell,
    async tendReach(signal) {
      // The names of its addresses are published through the edge.
      if (linked?.state() !== 'connected') return
      await reach.tend(plainOrigins(), signal)
      await measureAndTell()
    },
    // Without a link there is nobody to tell, and the next welcome does it.
    tellOffers: async (signal) => (linked?.state() === 'connected' ? sources.tellOffers(signal) : undefined),
  })
  const loop = startTaskLoop(tasks, {
    ...{ memory: settings, history: state.tasks, budgets: taskBudgets, log },
    arePeopleWaiting: () => leases.isAnyRunning,
  })
  stopLater(() => loop.close())
  const tellTheMoment = () => {
    // At once, and without what takes longer to measure.
    const before = capabilities
    const { isLeaving: _, ...rest } = before
    capabilities = { ...rest, ...ofTheMoment() }
    if (isWorthTelling(before, capabilities)) linked?.changed(capabilities)
  }
  onVpnChanged = tellTheMoment
  onLeaving = tellTheMoment
  // Stopped first: while everything still runs, who watches is sent elsewhere.
  stopLater(() => drain.leave(LEAVE_SECONDS))
}

async function usedBytes(folder: string): Promise<number> {
  const each = (await downloadFolders(folder)).map((name) => folderBytes(join(folder, name)))
  return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0)
}

async function readTls({ tlsCertFile, tlsKeyFile }: AgentConfig): Promise<TlsFiles | undefined> {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return undefined
  const read = (name: string, file: string) =>
    readFile(file).catch((cause: unknown) => {
      throw new AppError('invalid', `${name}: the file ${file} cannot be read.`, { cause })
    })
  const [cert, key] = [read('PORCHLIGHT_TLS_CERT_FILE', tlsCertFile), read('PORCHLIGHT_TLS_KEY_FILE', tlsKeyFile)]
  return { cert: await cert, key: await key }
}
