/** What the OpenAPI document says of a route: a sentence, who may call it, and the shape of its answers. */
import { describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'
import { ErrorBody, type ErrorCode, errorStatus } from '#protocol/errors.ts'

/** Who a route lets in. The route test walks every route with this word and checks that it is true. */
export type Access = 'anyone' | 'person' | 'admin' | 'agent' | 'session_cookie' | 'stream_token'

type Answer = { status: number; schema?: z.ZodType; type?: string }

/** `refuses` lists the codes worth knowing beyond `invalid`, `not_signed_in` and `internal`. */
export const describe = (route: { summary: string; access: Access; answer: Answer; refuses?: ErrorCode[] }) =>
  describeRoute({
    summary: route.summary,
    tags: [route.access],
    security: route.access === 'anyone' ? [] : [{ [route.access === 'admin' ? 'person' : route.access]: [] }],
    responses: {
      [route.answer.status]: {
        description: route.summary,
        ...(route.answer.schema && {
          content: { [route.answer.type ?? 'application/json']: { schema: resolver(route.answer.schema) } },
        }),
      },
      ...refusals(route.refuses ?? []),
      default: {
        description: 'A refusal: a code for programs, a sentence for a person.',
        content: { 'application/json': { schema: resolver(ErrorBody) } },
      },
    },
  })

function refusals(codes: ErrorCode[]): Record<string, { description: string }> {
  const byStatus = Map.groupBy(codes, (code) => String(errorStatus[code]))
  return Object.fromEntries([...byStatus].map(([status, same]) => [status, { description: same.join(', ') }]))
}
