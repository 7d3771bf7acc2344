/** The whole table of linking, and what may never happen whatever arrives. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arrival, decideLink, type EmailOwner, type LinkDecision } from './decide-link.ts'

const owner = (change: Partial<EmailOwner> = {}): EmailOwner => ({
  userId: 'ben',
  isAdmin: false,
  hasSecondFactor: false,
  isEmailVerified: true,
  hasOtherWayIn: false,
  ...change,
})
const nobody: Arrival = {
  purpose: 'sign_in',
  freshlySignedInAs: null,
  identityOwner: null,
  emailOwner: null,
  isEmailTrusted: false,
  isAdmitted: false,
}
const refused = (code: string) => ({ do: 'refuse', code })

describe('signing in', () => {
  const table: [fact: string, arrival: Partial<Arrival>, decision: unknown][] = [
    ['signs in whoever the account belongs to', { identityOwner: 'ada' }, { do: 'sign_in', userId: 'ada' }],
    [
      'follows the account and not the e-mail',
      { identityOwner: 'ada', emailOwner: owner(), isEmailTrusted: true, isAdmitted: true },
      { do: 'sign_in', userId: 'ada' },
    ],
    ['asks a stranger for an invite', {}, refused('invite_needed')],
    ['makes a person of whoever has an invite', { isAdmitted: true }, { do: 'create', discard: null }],
    [
      'links by e-mail where the admin trusts the provider',
      { emailOwner: owner(), isEmailTrusted: true },
      { do: 'link', userId: 'ben', signsIn: true },
    ],
    [
      'does not make a second person of one that exists, invite or not',
      { emailOwner: owner(), isEmailTrusted: true, isAdmitted: true },
      { do: 'link', userId: 'ben', signsIn: true },
    ],
    ['asks for the account’s own proof otherwise', { emailOwner: owner() }, refused('link_confirm_needed')],
    ['asks for it with an invite too', { emailOwner: owner(), isAdmitted: true }, refused('link_confirm_needed')],
    [
      'never links onto an admin',
      { emailOwner: owner({ isAdmin: true }), isEmailTrusted: true },
      refused('link_confirm_needed'),
    ],
    [
      'never links onto a second factor',
      { emailOwner: owner({ hasSecondFactor: true }), isEmailTrusted: true },
      refused('link_confirm_needed'),
    ],
    [
      'discards a row whose e-mail was never verified',
      { emailOwner: owner({ isEmailVerified: false }), isEmailTrusted: true, isAdmitted: true },
      { do: 'create', discard: 'ben' },
    ],
    [
      'discards nothing for somebody who may not come in',
      { emailOwner: owner({ isEmailVerified: false }), isEmailTrusted: true },
      refused('invite_needed'),
    ],
    [
      'discards nothing on the word of a provider that is not trusted',
      { emailOwner: owner({ isEmailVerified: false }), isAdmitted: true },
      refused('link_confirm_needed'),
    ],
    [
      'never discards an admin',
      { emailOwner: owner({ isEmailVerified: false, isAdmin: true }), isEmailTrusted: true, isAdmitted: true },
      refused('link_confirm_needed'),
    ],
    [
      'never discards whom a second factor guards',
      { emailOwner: owner({ isEmailVerified: false, hasSecondFactor: true }), isEmailTrusted: true, isAdmitted: true },
      refused('link_confirm_needed'),
    ],
    [
      'never discards whoever comes in by more than a password',
      { emailOwner: owner({ isEmailVerified: false, hasOtherWayIn: true }), isEmailTrusted: true, isAdmitted: true },
      refused('link_confirm_needed'),
    ],
  ]
  it.each(table)('%s', (_fact, arrival, decision) => {
    expect(decideLink({ ...nobody, ...arrival })).toEqual(decision)
  })
})

describe('linking and stepping up', () => {
  const table: [fact: string, arrival: Partial<Arrival>, decision: unknown][] = [
    [
      'links what belongs to nobody',
      { purpose: 'link', freshlySignedInAs: 'ada' },
      { do: 'link', userId: 'ada', signsIn: false },
    ],
    [
      'links again what is linked already',
      { purpose: 'link', freshlySignedInAs: 'ada', identityOwner: 'ada' },
      { do: 'link', userId: 'ada', signsIn: false },
    ],
    [
      'does not take an account from somebody else',
      { purpose: 'link', freshlySignedInAs: 'ada', identityOwner: 'ben' },
      refused('identity_taken'),
    ],
    ['links nothing without a fresh session', { purpose: 'link' }, refused('step_up_needed')],
    [
      'links by both proofs whoever has the e-mail',
      { purpose: 'link', freshlySignedInAs: 'ada', emailOwner: owner({ isAdmin: true }) },
      { do: 'link', userId: 'ada', signsIn: false },
    ],
    [
      'steps up with an account of one’s own',
      { purpose: 'step_up', freshlySignedInAs: 'ada', identityOwner: 'ada' },
      { do: 'step_up', userId: 'ada' },
    ],
    [
      'does not step up with somebody else’s',
      { purpose: 'step_up', freshlySignedInAs: 'ada', identityOwner: 'ben' },
      refused('wrong_credentials'),
    ],
    [
      'does not step up with one that is not linked',
      { purpose: 'step_up', freshlySignedInAs: 'ada' },
      refused('wrong_credentials'),
    ],
    ['steps nobody up without a session', { purpose: 'step_up', identityOwner: 'ada' }, refused('step_up_needed')],
  ]
  it.each(table)('%s', (_fact, arrival, decision) => {
    expect(decideLink({ ...nobody, ...arrival })).toEqual(decision)
  })
})

describe('whatever arrives', () => {
  const person = fc.constantFrom('ada', 'ben', 'cleo')
  const arrivals: fc.Arbitrary<Arrival> = fc.record({
    purpose: fc.constantFrom('sign_in' as const, 'link' as const, 'step_up' as const),
    freshlySignedInAs: fc.option(person),
    identityOwner: fc.option(person),
    emailOwner: fc.option(
      fc.record({
        userId: person,
        isAdmin: fc.boolean(),
        hasSecondFactor: fc.boolean(),
        isEmailVerified: fc.boolean(),
        hasOtherWayIn: fc.boolean(),
      }),
    ),
    isEmailTrusted: fc.boolean(),
    isAdmitted: fc.boolean(),
  })
  const always = (fact: (arrival: Arrival, decision: LinkDecision) => boolean) =>
    fc.assert(
      fc.property(arrivals, (arrival) => fact(arrival, decideLink(arrival))),
      { numRuns: 2000 },
    )

  it('an e-mail opens only a verified, unguarded account, and only on a trusted word', () => {
    always(({ emailOwner, isEmailTrusted }, decision) => {
      if (decision.do !== 'link' || !decision.signsIn) return true
      return (
        isEmailTrusted &&
        emailOwner !== null &&
        decision.userId === emailOwner.userId &&
        emailOwner.isEmailVerified &&
        !emailOwner.isAdmin &&
        !emailOwner.hasSecondFactor
      )
    })
  })

  it('nobody is discarded who was verified, is an admin, has a second factor or another way in', () => {
    always(({ emailOwner, isEmailTrusted, isAdmitted }, decision) => {
      if (decision.do !== 'create' || decision.discard === null) return true
      return (
        emailOwner !== null &&
        decision.discard === emailOwner.userId &&
        isEmailTrusted &&
        isAdmitted &&
        !emailOwner.isEmailVerified &&
        !emailOwner.isAdmin &&
        !emailOwner.hasSecondFactor &&
        !emailOwner.hasOtherWayIn
      )
    })
  })

  it('nobody new comes in unadmitted, and an account that has an owner makes no second one', () => {
    always(
      ({ isAdmitted, identityOwner }, decision) => decision.do !== 'create' || (isAdmitted && identityOwner === null),
    )
  })

  it('an account never leads to two people', () => {
    always(({ identityOwner }, decision) => {
      if (identityOwner === null || !('userId' in decision)) return true
      return decision.userId === identityOwner
    })
  })
})
