/** Pure: what the operator entered for a provider, put beside what the agent's own environment says, and checked. */
import type * as z from 'zod'
import type { ProviderField, ProviderSettings } from '#protocol/provider-settings.ts'
import { describeOptions } from './options.ts'
import type { Provider } from './provider.ts'

export type Texts = Readonly<Record<string, string>>
export type OptionProblem = { name: string; problem: string }

/** The form: each setting with what is entered, but no secret. `fixed` is the environment's, and wins. */
export function formOf(provider: Provider, entered: Texts, fixed: Texts): ProviderField[] {
  return describeOptions(provider.options).map((field) => {
    const isFixed = provider.isSetAtHomeOnly === true || fixed[field.name] !== undefined
    const value = fixed[field.name] ?? entered[field.name]
    const isTold = value !== undefined && !field.isSecret
    return { ...field, isFixed, isSet: value !== undefined, ...(isTold ? { value } : {}) }
  })
}

/** What is entered afterwards: a text replaces, nothing (or null) takes back, and what is not named stays. */
export function withEntered(before: Texts, values: ProviderSettings['values']): Texts {
  const after: Record<string, string> = { ...before }
  for (const [name, value] of Object.entries(values)) {
    const text = value?.trim() ?? ''
    if (text === '') delete after[name]
    else after[name] = text
  }
  return after
}

/** None: it can be switched on with these. Only what is on has to be complete. */
export function problemsOf(provider: Provider, entered: Texts, fixed: Texts, isOn: boolean): OptionProblem[] {
  const refused = Object.keys(entered)
    .filter((name) => fixed[name] !== undefined)
    .map((name) => ({ name, problem: 'is set on the box itself' }))
  const schema: z.ZodObject = isOn ? provider.options : provider.options.partial()
  const parsed = schema.safeParse({ ...entered, ...fixed })
  return parsed.success ? refused : [...refused, ...parsed.error.issues.map(problemOf)]
}

function problemOf(issue: z.core.$ZodIssue): OptionProblem {
  if (issue.code === 'unrecognized_keys') return { name: issue.keys[0] ?? '', problem: 'is not a setting' }
  return { name: String(issue.path[0]), problem: issue.code === 'invalid_type' ? 'is missing' : issue.message }
}
