/** A person's name, as others see it. */
import { eq } from 'drizzle-orm'
import type { Edge } from '../edge.ts'
import { users } from './schema.ts'

export async function renamePerson(edge: Edge, userId: string, displayName: string): Promise<void> {
  await edge.db.update(users).set({ displayName }).where(eq(users.id, userId))
}
