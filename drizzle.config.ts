/** Where drizzle-kit reads the tables (a schema.ts in each feature of the worker and in its rooms) and writes migrations. */
import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'sqlite', schema: './worker/**/schema.ts', out: './migrations' })
