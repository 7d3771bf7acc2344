/** The two actions that most rooms name: to watch, and to look after the household's agents. */
import { may } from './may.ts'

export type { SignedInPerson, UserEnv } from './may.ts'

export const requireUser = may('home.watch')
export const requireAdmin = may('agents.manage')
