-- Streams: their contract, who writes them, the segments of their logs, batches taken once, and events that were refused.
-- CreateTable
CREATE TABLE "Stream" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "eventTime" TEXT NOT NULL,
    "key" TEXT[],
    "settings" JSONB NOT NULL,
    "columns" JSONB NOT NULL DEFAULT '[]',
    "end" BIGINT NOT NULL DEFAULT 0,
    "duplicates" BIGINT NOT NULL DEFAULT 0,
    "deadLetters" BIGINT NOT NULL DEFAULT 0,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease" TEXT,
    "leaseHome" TEXT,
    "leaseUntil" TIMESTAMPTZ(6),

    CONSTRAINT "Stream_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Segment" (
    "id" TEXT NOT NULL,
    "streamId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "log" TEXT NOT NULL,
    "logBytes" BIGINT NOT NULL DEFAULT 0,
    "file" TEXT,
    "firstOffset" BIGINT NOT NULL,
    "rows" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" TEXT,
    "firstEventAt" TIMESTAMPTZ(6),
    "lastEventAt" TIMESTAMPTZ(6),
    "firstReceivedAt" TIMESTAMPTZ(6),
    "lastReceivedAt" TIMESTAMPTZ(6),
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Segment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StreamBatch" (
    "streamId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "receivedAt" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "StreamBatch_pkey" PRIMARY KEY ("streamId","key")
);

-- CreateTable
CREATE TABLE "DeadLetter" (
    "streamId" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "receivedAt" TIMESTAMPTZ(6) NOT NULL,
    "reason" TEXT NOT NULL,
    "raw" TEXT NOT NULL,
    "isCut" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "DeadLetter_pkey" PRIMARY KEY ("streamId","number")
);

-- CreateIndex
CREATE UNIQUE INDEX "Stream_projectId_name_key" ON "Stream"("projectId", "name");

-- CreateIndex
CREATE INDEX "Segment_streamId_firstOffset_idx" ON "Segment"("streamId", "firstOffset");

-- CreateIndex
CREATE INDEX "StreamBatch_receivedAt_idx" ON "StreamBatch"("receivedAt");

-- AddForeignKey
ALTER TABLE "Stream" ADD CONSTRAINT "Stream_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "Project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Segment" ADD CONSTRAINT "Segment_streamId_fkey" FOREIGN KEY ("streamId") REFERENCES "Stream"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StreamBatch" ADD CONSTRAINT "StreamBatch_streamId_fkey" FOREIGN KEY ("streamId") REFERENCES "Stream"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeadLetter" ADD CONSTRAINT "DeadLetter_streamId_fkey" FOREIGN KEY ("streamId") REFERENCES "Stream"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Two names that SQL cannot tell apart are one.
CREATE UNIQUE INDEX "Stream_name_once" ON "Stream"("projectId", lower("name"));

-- One log is written at a time.
CREATE UNIQUE INDEX "Segment_open_once" ON "Segment"("streamId") WHERE state = 'open';
