/** One part of a request against one schema, or AppError('invalid'); the same schema feeds the OpenAPI document. */
import type { ValidationTargets } from 'hono'
import { validator } from 'hono-openapi'
import type * as z from 'zod'
import { AppError } from '#protocol/errors.ts'

/** Parsed values are read with `c.req.valid(target)`. The message names the field, never the value. */
export const validate = <Schema extends z.ZodType, Target extends keyof ValidationTargets>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, (result) => {
    if (!result.success) throw new AppError('invalid', sentence(target, result.error))
  })

type Problem = { message: string; path?: readonly unknown[] | undefined }

function sentence(target: string, problems: readonly Problem[]): string {
  const [first] = problems
  const field = first?.path?.map(fieldName).join('.') || target
  return `Please check what was sent: ${field}: ${first?.message ?? 'not as expected'}`.slice(0, 300)
}

const fieldName = (part: unknown): string =>
  String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part)
