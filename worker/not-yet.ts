/** Stands where a route's verb is about to be written. */
import { AppError } from '#protocol/errors.ts'

export function notYet<Value>(): Promise<Value> {
  return Promise.reject(new AppError('internal', 'This part is not built yet.'))
}
