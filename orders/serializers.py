"""The wire's names, written as they stand on the wire, and their types for the API's documentation."""

from rest_framework import serializers

from orders import wire
from orders.models import Order, Product, RefundReason
from orders.models.catalogue import ProductKind
from orders.states import OrderStatus

PAYMENT_STATUS = ("unpaid failed expired held paid refund_requested partially_refunded refunded refund_failed").split()


class ProductSerializer(serializers.ModelSerializer):
    includedRevisions = serializers.IntegerField(source="included_revisions")
    deliveryHours = serializers.IntegerField(source="delivery_hours")

    class Meta:
        model = Product
        fields = ["slug", "name", "kind", "price", "currency", "words", "includedRevisions", "deliveryHours"]


class PurchaseSerializer(serializers.Serializer):
    """Types only: what the values must be like is for orders.validation, which the form uses as well."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.filter(active=True))
    email = serializers.CharField()
    topic = serializers.CharField(allow_blank=True, default="", help_text="For a backlink: by default the title.")
    niche = serializers.CharField(allow_blank=True, default="")
    keyword = serializers.CharField(allow_blank=True, default="")
    targetUrl = serializers.CharField(allow_blank=True, source="target_url")
    anchorText = serializers.CharField(allow_blank=True, source="anchor_text")
    notes = serializers.CharField(allow_blank=True, default="")
    articleId = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        source="article_id",
        help_text="For a backlink: the article that gets it, one of `GET /api/articles`.",
    )
    termsAccepted = serializers.BooleanField(source="terms_accepted")


class PurchasedSerializer(serializers.Serializer):
    orderId = serializers.UUIDField()
    code = serializers.CharField()
    checkoutUrl = serializers.URLField(help_text="Where to pay: a checkout, or the order's page, which leads to one.")
    statusUrl = serializers.URLField(help_text="The customer's page, with the token that opens it.")
    amount = serializers.IntegerField(help_text="In the currency's smallest unit.")
    currency = serializers.CharField()


class OrderBatchSerializer(serializers.Serializer):
    orders = serializers.ListField(child=PurchaseSerializer(), min_length=1, max_length=50)


class OrdersBatchedSerializer(serializers.Serializer):
    batchId = serializers.UUIDField()
    orders = PurchasedSerializer(many=True, help_text="In the order of the request.")


class OrderFilterSerializer(serializers.Serializer):
    status = serializers.ChoiceField(OrderStatus.values, required=False)
    createdAfter = serializers.DateTimeField(required=False, source="created_after")
    batchId = serializers.UUIDField(required=False, source="batch")


class OrderLineSerializer(serializers.ModelSerializer):
    orderId = serializers.UUIDField(source="id")
    batchId = serializers.UUIDField(source="batch", allow_null=True)
    product = serializers.SlugRelatedField("slug", read_only=True)
    createdAt = serializers.DateTimeField(source="created_at")
    updatedAt = serializers.DateTimeField(source="updated_at")
    dueAt = serializers.DateTimeField(source="due_at", allow_null=True)
    articleUrl = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = ["orderId", "code", "batchId", "status", "kind", "product", "topic", "amount", "currency"]
        fields += ["createdAt", "updatedAt", "dueAt", "articleUrl"]

    def get_articleUrl(self, order: Order) -> str | None:  # noqa: N802  the field's name
        return wire.article_url(order)


class ProgressSerializer(serializers.Serializer):
    step = serializers.IntegerField()
    of = serializers.IntegerField()
    label = serializers.CharField()
    percent = serializers.IntegerField(allow_null=True)
    failed = serializers.BooleanField()


class OrderJobSerializer(serializers.Serializer):
    jobId = serializers.UUIDField()
    queue = serializers.CharField()
    state = serializers.ChoiceField(["waiting", "delayed", "active", "completed", "failed", "cancelled"])
    stage = serializers.CharField()
    partsDone = serializers.IntegerField()
    partsTotal = serializers.IntegerField()
    attemptsMade = serializers.IntegerField()
    position = serializers.IntegerField(allow_null=True)
    createdAt = serializers.DateTimeField()
    startedAt = serializers.DateTimeField(allow_null=True)
    finishedAt = serializers.DateTimeField(allow_null=True)
    failedReason = serializers.CharField(allow_null=True)


class OrderQueueSerializer(serializers.Serializer):
    jobs = OrderJobSerializer(many=True)
    hasActiveJob = serializers.BooleanField()
    hasFailedJob = serializers.BooleanField()
    latestJob = serializers.UUIDField(allow_null=True)


class LogLineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    message = serializers.CharField()
    warning = serializers.BooleanField()


class BacklinkSerializer(serializers.Serializer):
    targetUrl = serializers.URLField()
    anchorText = serializers.CharField()
    reviewStatus = serializers.ChoiceField(["PENDING_REVIEW", "APPROVED", "REJECTED"])


class VersionSerializer(serializers.Serializer):
    versionId = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    content = serializers.CharField()
    format = serializers.ChoiceField(["html"])
    wordCount = serializers.IntegerField()
    createdAt = serializers.DateTimeField()
    revisionNotes = serializers.CharField(allow_null=True)
    backlink = BacklinkSerializer()
    quality = serializers.DictField(help_text="passed, total, rules: [name, label, ok, severity, detail].")
    provider = serializers.CharField()
    model = serializers.CharField()
    generator = serializers.ChoiceField(["ai", "extract", "person"])
    isDemo = serializers.BooleanField()


class VersionLineSerializer(serializers.Serializer):
    versionId = serializers.UUIDField()
    number = serializers.IntegerField()
    createdAt = serializers.DateTimeField()


class RefundSerializer(serializers.Serializer):
    status = serializers.ChoiceField(["requested", "pending", "succeeded", "failed"])
    reason = serializers.ChoiceField([reason for reason in RefundReason.values if reason != "dispute"])
    amount = serializers.IntegerField()
    currency = serializers.CharField()
    requestedAt = serializers.DateTimeField()
    settledAt = serializers.DateTimeField(allow_null=True, help_text="When it was sent, or had failed.")


class ProductLineSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class OrderStatusSerializer(serializers.Serializer):
    """The shape of orders.wire.status(); a test holds the two together."""

    orderId = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.ChoiceField(ProductKind.values)
    status = serializers.ChoiceField(OrderStatus.values)
    paymentStatus = serializers.ChoiceField(PAYMENT_STATUS)
    product = ProductLineSerializer()
    topic = serializers.CharField()
    amount = serializers.IntegerField()
    currency = serializers.CharField()
    progress = ProgressSerializer()
    queue = OrderQueueSerializer()
    log = LogLineSerializer(many=True)
    version = VersionSerializer(allow_null=True)
    versions = VersionLineSerializer(many=True)
    refund = RefundSerializer(allow_null=True)
    estimatedTime = serializers.CharField(allow_null=True)
    estimatedSeconds = serializers.IntegerField(allow_null=True)
    dueAt = serializers.DateTimeField(allow_null=True, help_text="When the first version is promised.")
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()
    pollAfter = serializers.IntegerField(help_text="Seconds.")
    canRequestRevision = serializers.BooleanField()
    canSubmitForReview = serializers.BooleanField()
    canRecall = serializers.BooleanField()
    canCancel = serializers.BooleanField()
    revisionsUsed = serializers.IntegerField()
    revisionsIncluded = serializers.IntegerField()
    reviewNote = serializers.CharField(allow_null=True)
    publishAt = serializers.DateTimeField(allow_null=True)
    articleUrl = serializers.URLField(allow_null=True)
