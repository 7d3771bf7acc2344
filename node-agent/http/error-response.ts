/** The one map of this door: anything thrown → status and `{ error: { code, message } }`. */
import { AppError, type ErrorBody, statusOf, toErrorData } from '#protocol/errors.ts'
import type { HttpResponse } from '../http-exchange.ts'

export function errorResponse(error: unknown, headers: Record<string, string> = {}): HttpResponse {
  const data = toErrorData(error)
  return jsonResponse(statusOf(data.code), { error: data } satisfies ErrorBody, headers)
}

export function jsonResponse(status: number, value: unknown, headers: Record<string, string> = {}): HttpResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: once(bytes),
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

export const isInternal = (error: unknown): boolean => !(error instanceof AppError) || error.code === 'internal'
