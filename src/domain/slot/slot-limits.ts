export const slotLimits = { minMinutes: 10, maxMinutes: 240, maxBufferMinutes: 240 } as const;
