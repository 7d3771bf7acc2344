/** What whoever reads a film that is arriving is told when it cannot go on. */
import { AppError } from '#protocol/errors.ts'

export const partDamaged = () =>
  new AppError('busy', 'A part of the film arrived damaged and is being fetched again. Play on in a moment.')

export const filmPutAway = () =>
  new AppError('busy', 'The film was put away while it was being read. Please try again.')
