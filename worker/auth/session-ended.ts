/** What everybody hears whose session is over, whatever ended it. */
import { AppError } from '#protocol/errors.ts'

export const sessionEnded = () => new AppError('session_ended', 'This session has ended. Please sign in again.')
