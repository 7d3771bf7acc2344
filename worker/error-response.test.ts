/** What leaves for each thing that can be thrown. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterEach, expect, it, vi } from 'vitest'
import { AppError, errorStatus } from '#protocol/errors.ts'
import type { AppEnv } from './env.ts'
import { errorResponse } from './error-response.ts'

const thrown = async (error: unknown) => {
  const app = new Hono<AppEnv>().onError(errorResponse).get('/', () => {
    throw error
  })
  const response = await app.request('/')
  const { error: data } = await response.json<{ error: { code: string; message: string } }>()
  return { status: response.status, retry: response.headers.get('retry-after'), ...data }
}

afterEach(() => vi.restoreAllMocks())

it.each(Object.entries(errorStatus))('sends %s with its status', async (code, status) => {
  expect(await thrown(new AppError(code as keyof typeof errorStatus, 'Say so.'))).toMatchObject({
    status,
    code,
    message: 'Say so.',
  })
})

it.each([
  [400, 'invalid'],
  [404, 'not_found'],
  [413, 'too_large'],
] as const)('maps Hono’s own exception %i to %s, without its text', async (status, code) => {
  const answer = await thrown(new HTTPException(status, { message: 'you sent hunter2' }))
  expect(answer).toMatchObject({ status, code })
  expect(answer.message).not.toContain('hunter2')
})

it('tells nothing of an unknown error, and logs its cause', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const answer = await thrown(new Error('table users has no column x', { cause: new Error('the cause') }))
  expect(answer).toMatchObject({ status: 500, code: 'internal' })
  expect(answer.message).not.toContain('column')
  expect(JSON.parse(String(logged.mock.calls[0]?.[0]))).toMatchObject({
    event: 'unexpected',
    error: { cause: { message: 'the cause' } },
  })
})

it.each([{ retryable: true }, { overloaded: true }])(
  'asks to try again when an object was reset or is overloaded',
  async (fields) => {
    const error = Object.assign(new Error('Durable Object reset because its code was updated.'), fields)
    expect(await thrown(error)).toMatchObject({ status: 503, code: 'busy', retry: '2' })
  },
)
