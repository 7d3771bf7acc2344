/** Comparing secrets without telling how much of a guess was right. */

/** Both sides are hashed first: `timingSafeEqual` wants equal lengths, and a length is a hint too. */
export async function secretsEqual(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const [hashA, hashB] = await Promise.all([hash(a), hash(b)])
  return crypto.subtle.timingSafeEqual(hashA, hashB)
}
