/** The edge's API by its types, and clients of it without a person; the only view of the worker, by type. */
import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import type { Api } from '../worker/app.ts'
import { answered } from './failure.ts'

/** A client whose requests go through `throughFetch`. */
export const clientThrough = (throughFetch: typeof fetch) => hc<Api>(location.origin, { fetch: throughFetch }).api
/** For what is asked before anybody is signed in. */
export const open = clientThrough((input, init) => fetch(input, init))

export type SignedIn = InferResponseType<(typeof open.auth)['sign-in']['$post'], 200>
export type SecondFactorNeeded = InferResponseType<(typeof open.auth)['sign-in']['$post'], 202>
export type Person = SignedIn['person']
export type TitleCard = InferResponseType<typeof open.titles.$get, 200>['titles'][number]
export type Title = InferResponseType<(typeof open.titles)[':id']['$get'], 200>
export type FrontPage = InferResponseType<(typeof open)['front-page']['$get'], 200>
export type SearchAnswer = InferResponseType<typeof open.search.$get, 200>
export type SearchWish = InferRequestType<typeof open.search.$get>['query']
export type ListCard = InferResponseType<typeof open.lists.$get, 200>['lists'][number]
export type ListPage = InferResponseType<(typeof open.lists)[':id']['$get'], 200>
export type SavedProgress = InferRequestType<(typeof open.progress)[':titleId']['$put']>['json']
export type NextEpisode = NonNullable<InferResponseType<(typeof open.progress)[':titleId']['next']['$get'], 200>>
export type Agent = InferResponseType<typeof open.agents.$get, 200>['agents'][number]
export type WaitingPairing = InferResponseType<(typeof open.agents.pairings)[':userCode']['$get'], 200>
export type CacheState = InferResponseType<typeof open.admin.cache.$get, 200>
export type RelayUsage = InferResponseType<typeof open.admin.relay.$get, 200>
export type TaskCard = InferResponseType<typeof open.tasks.$get, 200>['tasks'][number]
export type Preferences = InferResponseType<typeof open.preferences.$get, 200>
export type TitleChoice = InferResponseType<(typeof open.preferences.titles)[':titleId']['$get'], 200>
type Subtitles = (typeof open.streams)[':id']['subtitles']
export type UploadedSubtitle = InferRequestType<Subtitles['$post']>['json']
export type ChosenSubtitle = InferRequestType<Subtitles['found']['$post']>['json']
type SourceChoices = InferResponseType<typeof open.streams.choices.$post, 200>
export type SourceReason = SourceChoices['sources'][number]['reasons'][number]
export type ChoicesBody = InferRequestType<typeof open.streams.choices.$post>['json']
export type OpenBody = InferRequestType<typeof open.streams.$post>['json']
export type MoveBody = InferRequestType<(typeof open.streams)[':id']['move']['$post']>['json']

/** The data of an answer; throws what `answered` throws. */
export const json = async <Data>(pending: Promise<Response & { json(): Promise<Data> }>): Promise<Data> =>
  (await answered(pending)).json() as Promise<Data>
