/** Why a hub closes a socket or leaves a question without an answer, in words for whoever reads the agent's log. */
import { AppError } from '#protocol/errors.ts'

export const because = {
  offline: () => new AppError('agent_offline', 'The agent at home is not connected. Please check that it runs.'),
  tooMany: () => new AppError('too_many', 'Too many connections at once for one agent.'),
  notProven: () => new AppError('not_signed_in', 'An agent proves itself before it says anything else.'),
  tooSlow: () => new AppError('timed_out', 'The agent did not prove itself in time.'),
  nobodyWaits: () => new AppError('timed_out', 'Whoever asked has left.'),
  removed: () => new AppError('not_found', 'This agent was removed from the household. Pair it again to use it.'),
  helloTwice: () => new AppError('invalid', 'An agent says hello once.'),
  silent: () => new AppError('timed_out', 'Nothing has been heard of this agent for too long.'),
  tooLong: () => new AppError('too_large', 'The agent’s description is too long.'),
  replaced: () => new AppError('agent_replaced', 'This agent connected again from elsewhere.'),
}
