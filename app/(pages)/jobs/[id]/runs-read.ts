/** So many runs are read: of a real-time job those of its last windows, which are drawn, and of what corrected them. */
export const runsRead = { offline: 30, realtime: 100 };
