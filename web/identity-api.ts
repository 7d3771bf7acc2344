/** The edge's identity API as functions: ways in, the account, its people; they give data or throw AppError. */
import type { InferRequestType, InferResponseType } from 'hono/client'
import { json, open } from './api.ts'
import { api } from './edge-api.ts'
import { answered } from './failure.ts'

const { auth, me } = api

export type Provider = InferResponseType<typeof auth.providers.$get, 200>['providers'][number]
export type WalkBegun = InferResponseType<(typeof auth.ways)[':way']['begin']['$post'], 200>
export type DeviceWalk = Extract<WalkBegun, { kind: 'device' }>
export type WalkState = InferResponseType<(typeof auth.ways)[':way']['poll']['$post'], 200>
export type Me = InferResponseType<typeof me.$get, 200>
export type Notice = InferResponseType<typeof me.notices.$get, 200>['notices'][number]
export type Passkey = InferResponseType<typeof me.passkeys.$get, 200>['passkeys'][number]
export type Link = InferResponseType<typeof me.links.$get, 200>['links'][number]
export type Profile = InferResponseType<typeof me.profiles.$get, 200>['profiles'][number]
export type ProfileDraft = InferRequestType<typeof me.profiles.$post>['json']
export type ProfileChange = InferRequestType<(typeof me.profiles)[':id']['$patch']>['json']
export type StepUpMethod = InferResponseType<(typeof auth)['step-up']['$get'], 200>['methods'][number]
export type StepUpProof = InferRequestType<(typeof auth)['step-up']['$post']>['json']
export type PasskeyAnswer = InferRequestType<(typeof auth.passkeys)['sign-in']['$post']>['json']
export type NewPasskey = InferRequestType<typeof me.passkeys.$post>['json']['response']
export type Household = InferResponseType<typeof api.people.$get, 200>['people'][number]
export type PersonChange = InferRequestType<(typeof api.people)[':id']['$patch']>['json']
export type Invite = InferResponseType<typeof api.invites.$get, 200>['invites'][number]
export type InviteDraft = InferRequestType<typeof api.invites.$post>['json']
export type TvCode = InferResponseType<typeof auth.tv.$post, 201>
export type WaitingTv = InferResponseType<(typeof auth.tv)[':userCode']['$get'], 200>

/** Ways in. */
export const listProviders = () => json(open.auth.providers.$get())
export const beginWay = (way: string, returnTo: string, invite?: string) =>
  json(open.auth.ways[':way'].begin.$post({ param: { way }, json: { returnTo, ...(invite && { invite }) } }))
export const pollWay = (way: string) => answered(open.auth.ways[':way'].poll.$post({ param: { way } }))
export const readSecondFactor = () => json(open.auth['second-factor'].$get())
export const giveUpSecondFactor = () => answered(open.auth['second-factor'].$delete())
export const passkeySignInOptions = () => json(open.auth.passkeys.options.$post())
export const passkeySecondFactorOptions = () => json(open.auth.passkeys['second-factor-options'].$post())

/** Links in letters. */
export const forgotPassword = (email: string) => answered(open.auth.password.forgot.$post({ json: { email } }))
export const resetPassword = (secret: string, password: string) =>
  answered(open.auth.password.reset.$post({ json: { secret, password } }))
export const verifyEmail = (secret: string) => answered(open.auth.email.verify.$post({ json: { secret } }))
export const lookAtInvite = (secret: string) => json(open.auth.invites.look.$post({ json: { secret } }))

/** Step-up. */
export const stepUpMethods = () => json(auth['step-up'].$get())
export const stepUp = (proof: StepUpProof) => answered(auth['step-up'].$post({ json: proof }))
export const passkeyStepUpOptions = () => json(auth['step-up']['passkey-options'].$post())

/** The account. */
export const readMe = () => json(me.$get())
export const rename = (displayName: string) => answered(me.$patch({ json: { displayName } }))
export const changeEmail = (email: string) => answered(me.email.$put({ json: { email } }))
export const sendVerification = () => answered(me.email.verification.$post())
export const changePassword = (current: string, next: string) => answered(me.password.$put({ json: { current, next } }))
export const addPassword = (password: string) => answered(me.password.$post({ json: { password } }))
export const listSessions = () => json(me.sessions.$get())
export const endSession = (id: string) => answered(me.sessions[':id'].$delete({ param: { id } }))
export const endSessions = (keepCurrent: boolean) => answered(me.sessions.end.$post({ json: { keepCurrent } }))
export const listNotices = () => json(me.notices.$get())
export const readNotices = () => answered(me.notices.read.$post())

/** Second factors and passkeys. */
export const enrolTotp = () => json(me.totp.$post())
export const confirmTotp = (code: string) => json(me.totp.confirm.$post({ json: { code } }))
export const removeTotp = (newPassword?: string) =>
  answered(me.totp.$delete({ json: newPassword ? { newPassword } : {} }))
export const newRecoveryCodes = () => json(me['recovery-codes'].$post())
export const listPasskeys = () => json(me.passkeys.$get())
export const passkeyOptions = () => json(me.passkeys.options.$post())
export const addPasskey = (name: string, response: NewPasskey) => json(me.passkeys.$post({ json: { name, response } }))
export const renamePasskey = (id: string, name: string) =>
  answered(me.passkeys[':id'].$patch({ param: { id }, json: { name } }))
export const removePasskey = (id: string) => answered(me.passkeys[':id'].$delete({ param: { id } }))

/** Accounts elsewhere. */
export const listLinks = () => json(me.links.$get())
export const beginLink = (way: string, returnTo: string) =>
  json(me.links[':way'].begin.$post({ param: { way }, json: { returnTo } }))
export const beginStepUpElsewhere = (way: string, returnTo: string) =>
  json(me.links[':way']['step-up'].$post({ param: { way }, json: { returnTo } }))
export const removeLink = (id: string) => answered(me.links[':id'].$delete({ param: { id } }))

/** On this device; everything that was read for somebody else is to be forgotten then. */
export const openProfile = (id: string, pin: string | null) =>
  answered(me.profiles[':id'].open.$post({ param: { id }, json: { pin } }))
export const leaveProfile = () => answered(me.profiles.leave.$post())
export const listProfiles = () => json(me.profiles.$get())
export const makeProfile = (draft: ProfileDraft) => json(me.profiles.$post({ json: draft }))
export const changeProfile = (id: string, change: ProfileChange) =>
  answered(me.profiles[':id'].$patch({ param: { id }, json: change }))
export const removeProfile = (id: string) => answered(me.profiles[':id'].$delete({ param: { id } }))

export const exportMe = () => answered(me.privacy.export.$get())
export const eraseMe = () => json(me.privacy.erasure.$post())

/** Televisions. */
export const beginTv = () => json(open.auth.tv.$post())
export const pollTv = () => answered(open.auth.tv.poll.$post())
export const readTv = (userCode: string) => json(auth.tv[':userCode'].$get({ param: { userCode } }))
export const answerTv = (userCode: string, approve: boolean) =>
  answered(auth.tv[':userCode'].$post({ param: { userCode }, json: { approve } }))

/** The admin's. */
export const listPeople = () => json(api.people.$get())
export const changePerson = (id: string, change: PersonChange) =>
  answered(api.people[':id'].$patch({ param: { id }, json: change }))
export const listSessionsOf = (id: string) => json(api.people[':id'].sessions.$get({ param: { id } }))
export const endSessionOf = (id: string, session: string) =>
  answered(api.people[':id'].sessions[':session'].$delete({ param: { id, session } }))
export const endSessionsOf = (id: string) => answered(api.people[':id']['end-sessions'].$post({ param: { id } }))
export const resetPerson = (id: string) => answered(api.people[':id'].reset.$post({ param: { id } }))
export const listInvites = () => json(api.invites.$get())
export const makeInvite = (draft: InviteDraft) => json(api.invites.$post({ json: draft }))
export const withdrawInvite = (id: string) => answered(api.invites[':id'].$delete({ param: { id } }))
