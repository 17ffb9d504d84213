// A column of bytes, as plain arrays of them.

import { customType } from 'drizzle-orm/sqlite-core';

export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'blob',
  fromDriver: (value) => new Uint8Array(value),
});
