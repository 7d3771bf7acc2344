/** Pure: what becomes of somebody who proved to hold an account elsewhere (NIST and the pre-hijacking rules of identity.md §2.5). */

/** Somebody here whose e-mail is the one that was proved elsewhere. */
export type EmailOwner = {
  userId: string
  isAdmin: boolean
  hasSecondFactor: boolean
  isEmailVerified: boolean
  /** A passkey or an account elsewhere: something that only the person themselves can have added. */
  hasOtherWayIn: boolean
}

export type Arrival = {
  /** `link`: somebody signed in wants to add the account to theirs. `step_up`: they prove once more who they are. */
  purpose: 'sign_in' | 'link' | 'step_up'
  /** Who is signed in and proved it again a moment ago; null for anybody else. Only looked at beyond `sign_in`. */
  freshlySignedInAs: string | null
  /** Who this account elsewhere belongs to already. */
  identityOwner: string | null
  /** Of the proved e-mail. Null where the provider did not prove one: then nobody is told who has that address. */
  emailOwner: EmailOwner | null
  /** The admin said that this provider's word for an e-mail is good enough to sign in with. */
  isEmailTrusted: boolean
  /** A good invite came along, or the provider says that they belong to this household. */
  isAdmitted: boolean
}

export type LinkDecision =
  | { do: 'sign_in' | 'step_up'; userId: string }
  /** Adds the account to this person, who is asked nothing more if `signsIn`. */
  | { do: 'link'; userId: string; signsIn: boolean }
  /** A new person. `discard` was never shown to hold its e-mail: it goes, with its password and its sessions. */
  | { do: 'create'; discard: string | null }
  | { do: 'refuse'; code: LinkRefusal }

/** Codes of protocol/errors.ts. */
export type LinkRefusal =
  | 'step_up_needed'
  | 'identity_taken'
  | 'wrong_credentials'
  | 'link_confirm_needed'
  | 'invite_needed'

const refuse = (code: LinkRefusal): LinkDecision => ({ do: 'refuse', code })

/** The key is the account elsewhere; an e-mail alone never opens a door to somebody's account unless all conditions hold. */
export function decideLink(arrival: Arrival): LinkDecision {
  if (arrival.purpose === 'sign_in') return decideSignIn(arrival)
  const { freshlySignedInAs: userId, identityOwner } = arrival
  if (userId === null) return refuse('step_up_needed')
  if (arrival.purpose === 'step_up') {
    return identityOwner === userId ? { do: 'step_up', userId } : refuse('wrong_credentials')
  }
  if (identityOwner !== null && identityOwner !== userId) return refuse('identity_taken')
  return { do: 'link', userId, signsIn: false }
}

function decideSignIn({ identityOwner, emailOwner, isEmailTrusted, isAdmitted }: Arrival): LinkDecision {
  if (identityOwner !== null) return { do: 'sign_in', userId: identityOwner }
  if (emailOwner === null) return isAdmitted ? { do: 'create', discard: null } : refuse('invite_needed')
  // Whoever guards the household or their account with more than a password links it themselves, signed in.
  if (!isEmailTrusted || emailOwner.isAdmin || emailOwner.hasSecondFactor) return refuse('link_confirm_needed')
  if (emailOwner.isEmailVerified) return { do: 'link', userId: emailOwner.userId, signsIn: true }
  // Nobody ever showed that this row's address is theirs: linking would let whoever made it in beside its owner.
  if (emailOwner.hasOtherWayIn) return refuse('link_confirm_needed')
  return isAdmitted ? { do: 'create', discard: emailOwner.userId } : refuse('invite_needed')
}
