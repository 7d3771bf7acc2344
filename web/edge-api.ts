/** The edge's API as functions of the person who is signed in; they give data or throw AppError with its code. */
import {
  type Agent,
  type ChoicesBody,
  type ChosenSubtitle,
  clientThrough,
  json,
  type MoveBody,
  type OpenBody,
  open,
  type Preferences,
  type SavedProgress,
  type SearchWish,
  type TitleChoice,
  type UploadedSubtitle,
} from './api.ts'
import { session } from './auth/current-session.ts'
import { answered } from './failure.ts'

export const api = clientThrough(session.fetch)
/** For what is sent while the page is being left: it outlives the page, and cannot wait for a token's refresh. */
const leaving = clientThrough((input, init) => fetch(input, { ...init, keepalive: true }))

/** `headers` carries the correlation id of one viewing; without it each request has its own. */
type Asking = { signal: AbortSignal; headers: Record<string, string> }

/** Asks for the form that tells its stages line by line. */
const inStages = ({ signal, headers }: Asking) => ({
  headers: { ...headers, accept: 'application/x-ndjson' },
  init: { signal },
})

export const readSetup = () => json(open.setup.$get())
export const readHome = () => json(api.home.$get())
export const readCache = () => json(api.admin.cache.$get())
export const readRelayUsage = () => json(api.admin.relay.$get())
export const listTitles = (cursor: string | undefined) =>
  json(api.titles.$get({ query: cursor === undefined ? {} : { cursor } }))
export const readTitle = (id: string) => json(api.titles[':id'].$get({ param: { id } }))

/** The front page, all of it. */
export const readFrontPage = () => json(api['front-page'].$get())

export const search = (wish: SearchWish, signal: AbortSignal) =>
  json(api.search.$get({ query: wish }, { init: { signal } }))
export const listSearches = () => json(api.searches.$get())
export const rememberSearch = (text: string) => answered(api.searches.$post({ json: { text } }))
export const forgetSearches = () => answered(api.searches.$delete())

/** Of each list whether it holds the title, when one is asked for. */
export const listLists = (title?: string) => json(api.lists.$get({ query: title === undefined ? {} : { title } }))
export const readList = (id: string, cursor: string | undefined) =>
  json(api.lists[':id'].$get({ param: { id }, query: cursor === undefined ? {} : { cursor } }))
export const makeList = (name: string) => json(api.lists.$post({ json: { name } }))
export const changeList = (id: string, change: { name?: string; isShared?: boolean }) =>
  answered(api.lists[':id'].$patch({ param: { id }, json: change }))
export const removeList = (id: string) => answered(api.lists[':id'].$delete({ param: { id } }))
/** At the place behind another title, or first. */
export const placeInList = (id: string, titleId: string, after: string | null = null) =>
  answered(api.lists[':id'].titles[':titleId'].$put({ param: { id, titleId }, json: { after } }))
export const takeOutOfList = (id: string, titleId: string) =>
  answered(api.lists[':id'].titles[':titleId'].$delete({ param: { id, titleId } }))

export const readProgress = (titleId: string) => json(api.progress[':titleId'].$get({ param: { titleId } }))
export const readNextEpisode = (titleId: string) => json(api.progress[':titleId'].next.$get({ param: { titleId } }))
export const saveProgress = (titleId: string, progress: SavedProgress) =>
  answered(api.progress[':titleId'].$put({ param: { titleId }, json: progress }))
export const saveProgressNow = (titleId: string, progress: SavedProgress) =>
  answered(leaving.progress[':titleId'].$put({ param: { titleId }, json: progress }, { headers: session.headersNow() }))

/** The sources of a title in the order in which Play would try them. */
export const listSourceChoices = (body: ChoicesBody) => json(api.streams.choices.$post({ json: body }))
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

export const listTasks = () => json(api.tasks.$get())
export const listTaskRuns = (name: string) => json(api.tasks[':name'].runs.$get({ param: { name } }))
export const runTask = (name: string) => answered(api.tasks[':name'].run.$post({ param: { name } }))
export const pauseTask = (name: string, isPaused: boolean) =>
  answered(api.tasks[':name'].pause.$put({ param: { name }, json: { isPaused } }))

export const listAgents = () => json(api.agents.$get())
export const setAgentMode = (id: string, mode: Agent['mode']) =>
  answered(api.agents[':id'].mode.$post({ param: { id }, json: { mode } }))
export const forgetAgent = (id: string) => answered(api.agents[':id'].$delete({ param: { id } }))
export const readPairing = (userCode: string) => json(api.agents.pairings[':userCode'].$get({ param: { userCode } }))
export const confirmPairing = (userCode: string) =>
  json(api.agents.pairings[':userCode'].confirm.$post({ param: { userCode } }))
