/** The edge's API as functions that give data or throw AppError with its code; the only view of the worker, by type. */
import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import type { Api } from '../worker/app.ts'
import { session } from './auth/current-session.ts'
import { answered } from './failure.ts'

export const { api } = hc<Api>(location.origin, { fetch: session.fetch })
/** For what is asked before anybody is signed in. */
export const { api: open } = hc<Api>(location.origin)
/** For what is sent while the page is being left: it outlives the page, and cannot wait for a token's refresh. */
const { api: leaving } = hc<Api>(location.origin, {
  fetch: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, { ...init, keepalive: true }),
})

export type SignedIn = InferResponseType<(typeof api.auth)['sign-in']['$post'], 200>
export type SecondFactorNeeded = InferResponseType<(typeof api.auth)['sign-in']['$post'], 202>
export type Person = SignedIn['person']
export type TitleCard = InferResponseType<typeof api.titles.$get, 200>['titles'][number]
export type Title = InferResponseType<(typeof api.titles)[':id']['$get'], 200>
export type SavedProgress = InferResponseType<(typeof api.progress)[':titleId']['$get'], 200>
export type ContinueItem = InferResponseType<typeof api.progress.$get, 200>['items'][number]
export type Agent = InferResponseType<typeof api.agents.$get, 200>['agents'][number]
export type WaitingPairing = InferResponseType<(typeof api.agents.pairings)[':userCode']['$get'], 200>
export type Preferences = InferResponseType<typeof api.preferences.$get, 200>
export type TitleChoice = InferResponseType<(typeof api.preferences.titles)[':titleId']['$get'], 200>
type Subtitles = (typeof api.streams)[':id']['subtitles']
export type UploadedSubtitle = InferRequestType<Subtitles['$post']>['json']
export type FoundSubtitle = InferResponseType<Subtitles['search']['$get'], 200>['results'][number]
type ChosenSubtitle = InferRequestType<Subtitles['found']['$post']>['json']
type OpenBody = InferRequestType<typeof api.streams.$post>['json']
export type MoveBody = InferRequestType<(typeof api.streams)[':id']['move']['$post']>['json']

/** `headers` carries the correlation id of one viewing; without it each request has its own. */
type Asking = { signal: AbortSignal; headers: Record<string, string> }

export const json = async <Data>(pending: Promise<Response & { json(): Promise<Data> }>): Promise<Data> =>
  (await answered(pending)).json() as Promise<Data>

/** Asks for the form that tells its stages line by line. */
const inStages = ({ signal, headers }: Asking) => ({
  headers: { ...headers, accept: 'application/x-ndjson' },
  init: { signal },
})

export const readSetup = () => json(open.setup.$get())
export const readHome = () => json(api.home.$get())
export const listTitles = () => json(api.titles.$get())
export const readTitle = (id: string) => json(api.titles[':id'].$get({ param: { id } }))

export const listProgress = () => json(api.progress.$get())
export const readProgress = (titleId: string) => json(api.progress[':titleId'].$get({ param: { titleId } }))
export const saveProgress = (titleId: string, progress: SavedProgress) =>
  answered(api.progress[':titleId'].$put({ param: { titleId }, json: progress }))
export const saveProgressNow = (titleId: string, progress: SavedProgress) =>
  answered(leaving.progress[':titleId'].$put({ param: { titleId }, json: progress }, { headers: session.headersNow() }))

export const openStream = (body: OpenBody, asking: Asking) =>
  answered(api.streams.$post({ json: body }, inStages(asking)))
export const moveStream = (id: string, body: MoveBody, asking: Asking) =>
  answered(api.streams[':id'].move.$post({ param: { id }, json: body }, inStages(asking)))
export const renewStream = (id: string, { signal, headers }: Asking) =>
  json(api.streams[':id'].renew.$post({ param: { id } }, { headers, init: { signal } }))
export const closeStream = (id: string, headers: Record<string, string>) =>
  answered(leaving.streams[':id'].$delete({ param: { id } }, { headers: { ...session.headersNow(), ...headers } }))

/** How this person likes to watch; defaults when they never said. */
export const readPreferences = () => json(api.preferences.$get())
export const savePreferences = (preferences: Preferences) => answered(api.preferences.$put({ json: preferences }))
export const readTitleChoice = (titleId: string) =>
  json(api.preferences.titles[':titleId'].$get({ param: { titleId } }))
export const saveTitleChoice = (titleId: string, choice: TitleChoice) =>
  answered(api.preferences.titles[':titleId'].$put({ param: { titleId }, json: choice }))

/** Subtitles of one's own for the film that is watched; each answers with the track that they have become. */
export const addSubtitle = (streamId: string, subtitle: UploadedSubtitle) =>
  json(api.streams[':id'].subtitles.$post({ param: { id: streamId }, json: subtitle }))
export const searchSubtitles = (streamId: string, language: string) =>
  json(api.streams[':id'].subtitles.search.$get({ param: { id: streamId }, query: { language } }))
export const addFoundSubtitle = (streamId: string, found: ChosenSubtitle) =>
  json(api.streams[':id'].subtitles.found.$post({ param: { id: streamId }, json: found }))

export const listAgents = () => json(api.agents.$get())
export const forgetAgent = (id: string) => answered(api.agents[':id'].$delete({ param: { id } }))
export const readPairing = (userCode: string) => json(api.agents.pairings[':userCode'].$get({ param: { userCode } }))
export const confirmPairing = (userCode: string) =>
  json(api.agents.pairings[':userCode'].confirm.$post({ param: { userCode } }))
