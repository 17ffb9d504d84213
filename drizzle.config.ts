// `npx drizzle-kit generate` writes the next migration from the schema; it needs no database.

import { defineConfig } from 'drizzle-kit';

// biome-ignore lint/style/noDefaultExport: drizzle-kit reads the default export
export default defineConfig({
  dialect: 'sqlite',
  schema: [
    './src/adapters/sqlite/schema.ts',
    './src/adapters/sqlite/decision-schema.ts',
    './src/adapters/sqlite/offer-schema.ts',
    './src/adapters/sqlite/held-schema.ts',
    './src/adapters/sqlite/trust-schema.ts',
  ],
  out: './migrations',
});
