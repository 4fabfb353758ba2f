-- Real-time jobs: where each is in its stream, what it did by the minute, what people should know; and streams that are fetched.
-- AlterTable
ALTER TABLE "Run" ADD COLUMN "through" BIGINT,
ADD COLUMN "eventsIn" BIGINT,
ADD COLUMN "late" BIGINT;

-- AlterTable
ALTER TABLE "Stream" ADD COLUMN "source" JSONB,
ADD COLUMN "secret" TEXT,
ADD COLUMN "parts" JSONB;

-- AlterTable
ALTER TABLE "Segment" ADD COLUMN "timeline" TEXT;

-- CreateTable
CREATE TABLE "LiveJob" (
    "jobId" TEXT NOT NULL,
    "streamId" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "progress" JSONB NOT NULL,
    "watermark" TIMESTAMPTZ(6),
    "eventsIn" BIGINT NOT NULL DEFAULT 0,
    "rowsOut" BIGINT NOT NULL DEFAULT 0,
    "late" BIGINT NOT NULL DEFAULT 0,
    "nextId" TEXT,
    "nextFrom" TIMESTAMPTZ(6),
    "drainTo" BIGINT,
    "lateDatasetId" TEXT,
    "lease" TEXT,
    "leaseUntil" TIMESTAMPTZ(6),
    "node" TEXT,
    "since" TIMESTAMPTZ(6),
    "trouble" JSONB,
    "updatedAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LiveJob_pkey" PRIMARY KEY ("jobId")
);

-- CreateTable
CREATE TABLE "LiveMinute" (
    "jobId" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(6) NOT NULL,
    "eventsIn" BIGINT NOT NULL DEFAULT 0,
    "rowsOut" BIGINT NOT NULL DEFAULT 0,
    "late" BIGINT NOT NULL DEFAULT 0,
    "corrections" INTEGER NOT NULL DEFAULT 0,
    "lag" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "LiveMinute_pkey" PRIMARY KEY ("jobId","minute")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "LiveJob_streamId_idx" ON "LiveJob"("streamId");

-- CreateIndex
CREATE INDEX "Notice_jobId_at_idx" ON "Notice"("jobId", "at");

-- AddForeignKey
ALTER TABLE "LiveJob" ADD CONSTRAINT "LiveJob_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LiveJob" ADD CONSTRAINT "LiveJob_streamId_fkey" FOREIGN KEY ("streamId") REFERENCES "Stream"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LiveMinute" ADD CONSTRAINT "LiveMinute_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;
