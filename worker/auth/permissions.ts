/** Who may do what: the one table of roles and actions. Routes name an action (may.ts); nothing else decides. */
import type { Role } from './answers.ts'

/** `own`: one's own things only. `all`: anybody's. `none`: not at all. */
export type Reach = 'none' | 'own' | 'all'

export type Permission = Record<Role, Reach> & {
  /** Only within ten minutes of proving who one is. */
  needsStepUp?: true
  /** Also for a session that may only enrol a second factor, or only choose a new password. */
  whileRestricted?: true
  /** Also while a profile with a rating cap watches: a child. */
  whileCapped?: true
}

export const permissions = {
  /** Films, streams, progress, the lamp. */
  'home.watch': { user: 'own', admin: 'own', whileCapped: true },
  'agents.manage': { user: 'none', admin: 'all' },
  'tasks.manage': { user: 'none', admin: 'all' },
  'relay.read': { user: 'none', admin: 'all' },
  'cache.read': { user: 'none', admin: 'all' },
  /** Where films come from: providers, rules, and sources added by hand. */
  'sources.read': { user: 'none', admin: 'all' },
  'sources.change': { user: 'none', admin: 'all' },
  /** Has the home ask another service, on the operator's word that it may. */
  'sources.connect': { user: 'none', admin: 'all', needsStepUp: true },

  'account.read': { user: 'own', admin: 'own', whileRestricted: true, whileCapped: true },
  'account.step-up': { user: 'own', admin: 'own', whileRestricted: true, whileCapped: true },
  'account.change': { user: 'own', admin: 'own' },
  'email.change': { user: 'own', admin: 'own', needsStepUp: true },
  /** Needs the password it replaces, which is a proof of its own. */
  'password.change': { user: 'own', admin: 'own', whileRestricted: true },
  /** Adding the first password to an account that has none. */
  'password.add': { user: 'own', admin: 'own', needsStepUp: true },
  'factors.add': { user: 'own', admin: 'own', needsStepUp: true, whileRestricted: true },
  'factors.remove': { user: 'own', admin: 'own', needsStepUp: true },
  'links.change': { user: 'own', admin: 'own', needsStepUp: true },

  /** What was watched, there and here. */
  'trakt.use': { user: 'own', admin: 'own' },

  'sessions.read': { user: 'own', admin: 'all' },
  /** A borrowed screen must not put its owner out everywhere (ASVS 7.5.2). */
  'sessions.end': { user: 'own', admin: 'all', needsStepUp: true, whileRestricted: true },
  'tv.approve': { user: 'own', admin: 'own' },
  'profiles.use': { user: 'own', admin: 'own', whileCapped: true },
  /** A child at the family's television must not lift its own cap. */
  'profiles.change': { user: 'own', admin: 'own', needsStepUp: true },

  'people.read': { user: 'none', admin: 'all' },
  'people.change': { user: 'none', admin: 'all', needsStepUp: true },
  'people.reset': { user: 'none', admin: 'all', needsStepUp: true },
  'people.end-sessions': { user: 'none', admin: 'all' },
  'invites.read': { user: 'none', admin: 'all' },
  'invites.make': { user: 'none', admin: 'all', needsStepUp: true },
  'invites.withdraw': { user: 'none', admin: 'all' },

  'privacy.export': { user: 'own', admin: 'own', needsStepUp: true },
  'privacy.erase': { user: 'own', admin: 'own', needsStepUp: true },
} as const satisfies Record<string, Permission>

export type Action = keyof typeof permissions
