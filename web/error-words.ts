/** The words for every failure, chosen by its code and by nothing else: what happened, then what to do. */
import { type FailureCode, failureCode } from './failure.ts'

/** `next` is what the person can do from here: ask again, sign in, go back to the films, or only wait. */
export type Words = { title: string; text: string; next: 'retry' | 'sign-in' | 'films' | 'none' }

export const errorWords: Record<FailureCode, Words> = {
  invalid: { title: 'That does not look right.', text: 'Check what you entered, then try again.', next: 'retry' },
  not_signed_in: { title: 'You are signed out.', text: 'Sign in to go on.', next: 'sign-in' },
  wrong_credentials: {
    title: 'That email and password do not match.',
    text: 'Check both and try again. Whoever runs this Porchlight can help if you have forgotten them.',
    next: 'retry',
  },
  session_ended: { title: 'Your sign-in has ended.', text: 'Sign in again to go on.', next: 'sign-in' },
  refresh_reused: {
    title: 'You were signed out to keep you safe.',
    text: 'Your sign-in was used from two places. Sign in again. If that was not you, change your password.',
    next: 'sign-in',
  },
  token_invalid: { title: 'This link to the film is not valid.', text: 'Start the film again.', next: 'retry' },
  token_expired: { title: 'This link to the film is too old.', text: 'Start the film again.', next: 'retry' },
  token_revoked: {
    title: 'This film was stopped.',
    text: 'It was ended from elsewhere. Start it again.',
    next: 'retry',
  },
  bad_signature: {
    title: 'Your home could not prove who it is.',
    text: 'Ask whoever runs it to pair it again.',
    next: 'films',
  },
  forbidden: {
    title: 'This is not open to you.',
    text: 'Ask whoever runs this Porchlight to let you in.',
    next: 'films',
  },
  relink_needed: {
    title: 'That account is not connected.',
    text: 'Connect it first, then try again.',
    next: 'retry',
  },
  upstream_away: {
    title: 'They do not answer over there.',
    text: 'Nothing is lost. Try again in a few minutes.',
    next: 'retry',
  },
  cross_site: {
    title: 'This request came from another site.',
    text: 'It was stopped to keep you safe. Open Porchlight by its own address and try again.',
    next: 'retry',
  },
  setup_closed: {
    title: 'This Porchlight is set up already.',
    text: 'Sign in with the account that was made then.',
    next: 'sign-in',
  },
  setup_secret_wrong: {
    title: 'This set-up link is not the right one.',
    text: 'Open the newest link that Porchlight printed when it started.',
    next: 'none',
  },
  setup_secret_expired: {
    title: 'This set-up link is too old.',
    text: 'Start Porchlight again. It prints a new one.',
    next: 'none',
  },
  code_wrong: {
    title: 'That is not the right one.',
    text: 'Each code works once and only for a short while. Try the next one.',
    next: 'retry',
  },
  step_up_needed: {
    title: 'This needs you to prove it is you.',
    text: 'Confirm with your password, a code or a passkey, then try again.',
    next: 'retry',
  },
  second_factor_needed: {
    title: 'A second lock is missing.',
    text: 'Add a passkey or a code app to this account to go on.',
    next: 'none',
  },
  password_change_needed: {
    title: 'This account needs a new password.',
    text: 'Choose a new one to go on.',
    next: 'none',
  },
  way_refused: {
    title: 'That sign-in did not go through.',
    text: 'It was refused or broken off over there. Try again, or use another way to sign in.',
    next: 'retry',
  },
  way_unavailable: {
    title: 'That way in does not answer right now.',
    text: 'Use another way to sign in, or try again in a few minutes.',
    next: 'retry',
  },
  invite_needed: {
    title: 'You need an invite.',
    text: 'Ask whoever runs this Porchlight for a link, open it, and sign in from there.',
    next: 'none',
  },
  link_confirm_needed: {
    title: 'There is an account with this email already.',
    text: 'Sign in to it the way you did before, then connect this one in your settings.',
    next: 'sign-in',
  },
  identity_taken: {
    title: 'That account is connected to somebody else here.',
    text: 'Disconnect it there first, or connect another one.',
    next: 'none',
  },
  last_way_in: {
    title: 'That is the last way in.',
    text: 'Add another way to sign in first, then take this one away.',
    next: 'none',
  },
  link_over: {
    title: 'This link or code is no longer good.',
    text: 'Each works once and only for a while. Ask for a new one.',
    next: 'none',
  },
  token_for_another_agent: {
    title: 'This link belongs to another home.',
    text: 'Start the film again from its page.',
    next: 'retry',
  },
  token_for_another_file: {
    title: 'This link belongs to another film.',
    text: 'Start the film again from its page.',
    next: 'retry',
  },
  relay_off: {
    title: 'Your home cannot be reached from here.',
    text: 'Join the same network as your home, or ask whoever runs it to allow the detour through the internet.',
    next: 'retry',
  },
  not_found: { title: 'We cannot find that.', text: 'It may have moved. Go back to your films.', next: 'films' },
  no_source: {
    title: 'There is no copy of this film right now.',
    text: 'We keep looking. Come back later, or choose another film.',
    next: 'films',
  },
  pairing_unknown: {
    title: 'No box is waiting with that code.',
    text: 'Compare it with the code on the box. It has eight letters and digits.',
    next: 'retry',
  },
  not_allowed: { title: 'That cannot be done here.', text: 'Load the page again, then try once more.', next: 'retry' },
  conflict: {
    title: 'Something changed in the meantime.',
    text: 'Load the page again, then try once more.',
    next: 'retry',
  },
  precondition_failed: {
    title: 'The film has changed at home.',
    text: 'Start it again from its page.',
    next: 'retry',
  },
  pairing_expired: {
    title: 'That code has run out.',
    text: 'Start pairing on the box again. It shows a new code.',
    next: 'retry',
  },
  too_large: { title: 'That is too long.', text: 'Make it shorter, then try again.', next: 'retry' },
  range_unsatisfiable: {
    title: 'That part of the film does not exist.',
    text: 'Go back a little and play again.',
    next: 'retry',
  },
  version_unsupported: {
    title: 'Your home needs an update.',
    text: 'Ask whoever runs it to update it, then load this page again.',
    next: 'retry',
  },
  too_many: { title: 'That was too many tries.', text: 'Wait a minute, then try again.', next: 'retry' },
  not_configured: {
    title: 'This is not set up here.',
    text: 'Ask whoever runs this Porchlight to set it up.',
    next: 'none',
  },
  internal: { title: 'Something went wrong on our side.', text: 'Try again in a moment.', next: 'retry' },
  agent_replaced: { title: 'Your home is reconnecting.', text: 'This takes a few seconds. Try again.', next: 'retry' },
  agent_offline: {
    title: 'Your home is not answering.',
    text: 'Check that the box has power and internet. We go on as soon as it is back.',
    next: 'retry',
  },
  busy: { title: 'Your home is busy.', text: 'Wait a minute, then try again.', next: 'retry' },
  maintenance: {
    title: 'Your home is being looked after.',
    text: 'Films play again when whoever runs it says so. Try again later.',
    next: 'retry',
  },
  relay_full: {
    title: 'Too many are watching from outside.',
    text: 'What goes through the edge is limited. Try again later, or from your home network.',
    next: 'retry',
  },
  vpn_down: {
    title: 'Your home has paused its downloads.',
    text: 'Its private connection is down. It goes on by itself once that is back.',
    next: 'retry',
  },
  no_peers: {
    title: 'Nobody is sharing this film right now.',
    text: 'We keep looking. Try again in a few minutes, or choose another film.',
    next: 'retry',
  },
  metadata_timeout: {
    title: 'The copy we found did not answer.',
    text: 'Try again. Another copy may answer.',
    next: 'retry',
  },
  timed_out: { title: 'That took too long.', text: 'Try again in a moment.', next: 'retry' },
  not_playable: {
    title: 'This copy cannot be played here.',
    text: 'It is damaged, or made in a way that no screen can show. Choose another copy on the film’s page.',
    next: 'films',
  },
  needs_ffmpeg: {
    title: 'This copy has to be converted first.',
    text: 'The box at home needs ffmpeg for that. Ask whoever runs it to install it, or choose another copy.',
    next: 'films',
  },
  no_playable_file: {
    title: 'Nothing in this copy plays here.',
    text: 'Choose another film, or come back later for another copy.',
    next: 'films',
  },
  disk_full: {
    title: 'Your home has run out of space.',
    text: 'Ask whoever runs it to free some, then play again.',
    next: 'retry',
  },
  unreachable: {
    title: 'Porchlight is not answering.',
    text: 'Check your connection. We go on as soon as it is back.',
    next: 'retry',
  },
  offline: {
    title: 'You are offline.',
    text: 'Connect to Wi-Fi or mobile data. We go on as soon as you are back.',
    next: 'retry',
  },
  no_route: {
    title: 'Your home cannot be reached from here.',
    text: 'Join the same network as your home. If the browser asks whether this page may reach it, allow it.',
    next: 'retry',
  },
  passkey_unused: {
    title: 'No passkey was used.',
    text: 'Try again and follow what your device asks, or use another way.',
    next: 'retry',
  },
  passkey_there: {
    title: 'This device has a passkey already.',
    text: 'It opens this account. Add one from another device, or keep the one you have.',
    next: 'none',
  },
  cannot_play: {
    title: 'This browser cannot play this copy.',
    text: 'Try again, or open the film in another browser.',
    next: 'retry',
  },
}

/** Words for anything thrown. */
export const wordsFor = (error: unknown, isOnline: boolean = navigator.onLine): Words =>
  errorWords[failureCode(error, isOnline)]

/** A code in the address of somebody who comes back from a way in elsewhere; anything else is a failure of ours. */
export const wordsForCode = (code: string): Words =>
  Object.hasOwn(errorWords, code) ? errorWords[code as FailureCode] : errorWords.internal

/** Words for anything thrown, where a screen knows better what a code means there. */
export const wordsHere = (error: unknown, here: Partial<Record<FailureCode, Omit<Words, 'next'>>>): Words => {
  const words = here[failureCode(error)]
  return words ? { next: 'retry', ...words } : wordsFor(error)
}
