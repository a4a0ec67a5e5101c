// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel driver for QEMU's edu card with the interface of <cuio/edu.h>: what cuio is compared
 * with, in behaviour and in speed. Datasheet: QEMU's docs/specs/edu.
 */
#include <linux/bits.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include <cuio/edu.h>

#define EDU_VENDOR_ID 0x1234
#define EDU_DEVICE_ID 0x11e8

/* The registers, all of 32 bits: the card ignores any other width below 0x80. */
#define EDU_REG_IDENT	   0x00
#define EDU_REG_LIVENESS   0x04
#define EDU_REG_FACTORIAL  0x08
#define EDU_REG_STATUS	   0x20
#define EDU_STATUS_BUSY	   BIT(0)
#define EDU_STATUS_IRQFACT BIT(7)
#define EDU_REG_IRQ_STATUS 0x24
#define EDU_REG_IRQ_RAISE  0x60
#define EDU_REG_IRQ_ACK	   0x64

#define EDU_POLL_READY (EPOLLIN | EPOLLRDNORM)
#define EDU_POLL_IDLE  (EPOLLOUT | EPOLLWRNORM)

enum edu_state {
	EDU_IDLE,
	EDU_COMPUTING, /* begun by write() */
	EDU_READY,     /* its result may be read */
	EDU_DRAINING,  /* the card is busy with something that nobody will fetch */
};

struct edu {
	struct kref ref; /* one for the bound card, one for each open file */
	struct miscdevice misc;
	int index;
	void __iomem *regs; /* valid under @lock while not @gone */

	/* The monitor: held by one operation at a time, never while it waits for its turn. */
	struct mutex lock;
	bool gone;

	/* What operations share with the interrupt handler. */
	spinlock_t irq_lock;
	enum edu_state state;
	u32 cause;
	unsigned int events;

	wait_queue_head_t state_wait;
	wait_queue_head_t event_wait;
};

static DEFINE_IDA(edu_ida);

static void edu_free(struct kref *ref)
{
	struct edu *edu = container_of(ref, struct edu, ref);

	ida_free(&edu_ida, edu->index);
	kfree(edu->misc.name);
	kfree(edu);
}

static void edu_put(void *data)
{
	struct edu *edu = data;

	kref_put(&edu->ref, edu_free);
}

static u32 edu_get(struct edu *edu, unsigned int reg)
{
	return ioread32(edu->regs + reg);
}

static void edu_set(struct edu *edu, unsigned int reg, u32 value)
{
	iowrite32(value, edu->regs + reg);
}

/* The card has come to its end: go on to the next state, and say whom that concerns. */
static __poll_t edu_computed(struct edu *edu)
{
	if (edu->state == EDU_COMPUTING) {
		edu->state = EDU_READY;
		return EDU_POLL_READY;
	}
	edu->state = EDU_IDLE;
	return EDU_POLL_IDLE;
}

static irqreturn_t edu_interrupt(int irq, void *data)
{
	struct edu *edu = data;
	__poll_t ready = 0;
	u32 cause;

	spin_lock(&edu->irq_lock);
	cause = edu_get(edu, EDU_REG_IRQ_STATUS);
	if (!cause) {
		spin_unlock(&edu->irq_lock);
		return IRQ_NONE;
	}
	edu_set(edu, EDU_REG_IRQ_ACK, cause);
	edu->cause = cause;
	edu->events++;

	/*
	 * The card clears busy before it raises the interrupt: this one may be of the computation
	 * before. Only busy, asked after the acknowledge, tells.
	 */
	if (edu->state == EDU_COMPUTING || edu->state == EDU_DRAINING) {
		if (!(edu_get(edu, EDU_REG_STATUS) & EDU_STATUS_BUSY))
			ready = edu_computed(edu);
	}
	spin_unlock(&edu->irq_lock);

	if (ready)
		wake_up_interruptible_poll(&edu->state_wait, ready);
	wake_up_interruptible(&edu->event_wait);
	return IRQ_HANDLED;
}

/* Begin to compute; to be called in EDU_IDLE, with the monitor held. */
static void edu_begin(struct edu *edu, u32 n, enum edu_state state)
{
	spin_lock_irq(&edu->irq_lock);
	edu->state = state;
	edu_set(edu, EDU_REG_FACTORIAL, n);
	spin_unlock_irq(&edu->irq_lock);
}

static void edu_become_idle(struct edu *edu)
{
	spin_lock_irq(&edu->irq_lock);
	edu->state = EDU_IDLE;
	spin_unlock_irq(&edu->irq_lock);
	wake_up_interruptible_poll(&edu->state_wait, EDU_POLL_IDLE);
}

/* Enter the monitor, whatever the state is. */
static int edu_enter(struct edu *edu)
{
	if (mutex_lock_interruptible(&edu->lock))
		return -ERESTARTSYS;
	if (edu->gone) {
		mutex_unlock(&edu->lock);
		return -ENODEV;
	}
	return 0;
}

static void edu_leave(struct edu *edu)
{
	mutex_unlock(&edu->lock);
}

/* Enter the monitor as soon as the state is @state; on success the caller leaves it. */
static int edu_enter_in(struct edu *edu, enum edu_state state, bool nonblock)
{
	int r;

	for (;;) {
		r = edu_enter(edu);
		if (r)
			return r;
		if (READ_ONCE(edu->state) == state)
			return 0;
		edu_leave(edu);
		if (nonblock)
			return -EAGAIN;
		r = wait_event_interruptible(edu->state_wait, READ_ONCE(edu->state) == state ||
								      READ_ONCE(edu->gone));
		if (r)
			return r;
	}
}

static bool edu_nonblock(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
}

static struct edu *edu_of(const struct file *file)
{
	return container_of(file->private_data, struct edu, misc);
}

static ssize_t edu_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct edu *edu = edu_of(iocb->ki_filp);
	ssize_t r;
	u32 result;

	if (iov_iter_count(to) < sizeof(result))
		return -EINVAL;
	r = edu_enter_in(edu, EDU_READY, edu_nonblock(iocb));
	if (r)
		return r;
	result = edu_get(edu, EDU_REG_FACTORIAL);
	if (copy_to_iter(&result, sizeof(result), to) == sizeof(result)) {
		edu_become_idle(edu);
		r = sizeof(result);
	} else {
		r = -EFAULT;
	}
	edu_leave(edu);
	return r;
}

static ssize_t edu_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct edu *edu = edu_of(iocb->ki_filp);
	ssize_t r;
	u32 n;

	if (iov_iter_count(from) != sizeof(n))
		return -EINVAL;
	if (!copy_from_iter_full(&n, sizeof(n), from))
		return -EFAULT;
	r = edu_enter_in(edu, EDU_IDLE, edu_nonblock(iocb));
	if (r)
		return r;
	edu_begin(edu, n, EDU_COMPUTING);
	edu_leave(edu);
	return sizeof(n);
}

static __poll_t edu_poll(struct file *file, poll_table *wait)
{
	struct edu *edu = edu_of(file);

	poll_wait(file, &edu->state_wait, wait);
	if (READ_ONCE(edu->gone))
		return EPOLLERR | EPOLLHUP;
	switch (READ_ONCE(edu->state)) {
	case EDU_IDLE:
		return EDU_POLL_IDLE;
	case EDU_READY:
		return EDU_POLL_READY;
	default:
		return 0;
	}
}

static long edu_ioctl_ident(struct edu *edu, u32 __user *arg)
{
	u32 id;
	int r;

	r = edu_enter(edu);
	if (r)
		return r;
	id = edu_get(edu, EDU_REG_IDENT);
	edu_leave(edu);
	return put_user(id, arg);
}

static long edu_ioctl_liveness(struct edu *edu, u32 __user *arg)
{
	u32 value;
	int r;

	if (get_user(value, arg))
		return -EFAULT;
	r = edu_enter(edu);
	if (r)
		return r;
	edu_set(edu, EDU_REG_LIVENESS, value);
	value = edu_get(edu, EDU_REG_LIVENESS);
	edu_leave(edu);
	return put_user(value, arg);
}

static long edu_ioctl_factorial(struct edu *edu, u32 __user *arg)
{
	u32 value, status;
	int r;

	if (get_user(value, arg))
		return -EFAULT;
	r = edu_enter_in(edu, EDU_IDLE, false);
	if (r)
		return r;
	edu_begin(edu, value, EDU_DRAINING);
	r = read_poll_timeout(edu_get, status, !(status & EDU_STATUS_BUSY), 10,
			      EDU_FACTORIAL_TIMEOUT_MS * 1000, false, edu, EDU_REG_STATUS);
	if (!r) {
		value = edu_get(edu, EDU_REG_FACTORIAL);
		edu_become_idle(edu);
	}
	edu_leave(edu);
	return r ? r : put_user(value, arg);
}

static long edu_ioctl_wait_irq(struct edu *edu, u32 __user *arg)
{
	unsigned int seen = READ_ONCE(edu->events);
	int r;

	r = wait_event_interruptible(edu->event_wait,
				     READ_ONCE(edu->events) != seen || READ_ONCE(edu->gone));
	if (r)
		return r;
	if (READ_ONCE(edu->gone))
		return -ENODEV;
	return put_user(READ_ONCE(edu->cause), arg);
}

static long edu_ioctl_raise_irq(struct edu *edu, u32 bits)
{
	int r;

	r = edu_enter(edu);
	if (r)
		return r;
	edu_set(edu, EDU_REG_IRQ_RAISE, bits);
	edu_leave(edu);
	return 0;
}

static long edu_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct edu *edu = edu_of(file);
	u32 __user *out = (u32 __user *)arg;

	switch (cmd) {
	case EDU_IOCTL_IDENT:
		return edu_ioctl_ident(edu, out);
	case EDU_IOCTL_LIVENESS:
		return edu_ioctl_liveness(edu, out);
	case EDU_IOCTL_FACTORIAL:
		return edu_ioctl_factorial(edu, out);
	case EDU_IOCTL_WAIT_IRQ:
		return edu_ioctl_wait_irq(edu, out);
	case EDU_IOCTL_RAISE_IRQ:
		return edu_ioctl_raise_irq(edu, (u32)arg);
	default:
		return -ENOTTY;
	}
}

static int edu_open(struct inode *inode, struct file *file)
{
	/* misc_open() has set private_data, and keeps misc_deregister() out while we are here. */
	kref_get(&edu_of(file)->ref);
	return 0;
}

static int edu_release(struct inode *inode, struct file *file)
{
	edu_put(edu_of(file));
	return 0;
}

static const struct file_operations edu_fops = {
	.owner = THIS_MODULE,
	.open = edu_open,
	.release = edu_release,
	.read_iter = edu_read,
	.write_iter = edu_write,
	.poll = edu_poll,
	.unlocked_ioctl = edu_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.llseek = noop_llseek,
};

static struct edu *edu_new(void)
{
	struct edu *edu;

	edu = kzalloc(sizeof(*edu), GFP_KERNEL);
	if (!edu)
		return NULL;
	edu->index = ida_alloc(&edu_ida, GFP_KERNEL);
	if (edu->index < 0)
		goto free_edu;
	edu->misc.name = edu->index ? kasprintf(GFP_KERNEL, "edu%d", edu->index)
				    : kstrdup("edu", GFP_KERNEL);
	if (!edu->misc.name)
		goto free_index;
	edu->misc.minor = MISC_DYNAMIC_MINOR;
	edu->misc.fops = &edu_fops;
	edu->misc.mode = 0666;
	kref_init(&edu->ref);
	mutex_init(&edu->lock);
	spin_lock_init(&edu->irq_lock);
	init_waitqueue_head(&edu->state_wait);
	init_waitqueue_head(&edu->event_wait);
	return edu;

free_index:
	ida_free(&edu_ida, edu->index);
free_edu:
	kfree(edu);
	return NULL;
}

static int edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct edu *edu;
	int r;

	r = pcim_enable_device(pdev);
	if (r)
		return r;
	r = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (r)
		return r;

	edu = edu_new();
	if (!edu)
		return -ENOMEM;
	/* Before the interrupt is requested: so that it is freed first. */
	r = devm_add_action_or_reset(&pdev->dev, edu_put, edu);
	if (r)
		return r;
	edu->misc.parent = &pdev->dev;
	edu->regs = pcim_iomap_table(pdev)[0];
	pci_set_drvdata(pdev, edu);

	/* A former owner may have left a computation or an interrupt behind. */
	edu_set(edu, EDU_REG_STATUS, EDU_STATUS_IRQFACT);
	if (edu_get(edu, EDU_REG_STATUS) & EDU_STATUS_BUSY)
		edu->state = EDU_DRAINING;
	else
		edu_set(edu, EDU_REG_IRQ_ACK, edu_get(edu, EDU_REG_IRQ_STATUS));

	r = devm_request_irq(&pdev->dev, pdev->irq, edu_interrupt, IRQF_SHARED, KBUILD_MODNAME,
			     edu);
	if (r)
		return dev_err_probe(&pdev->dev, r, "no interrupt\n");
	r = misc_register(&edu->misc);
	if (r)
		return dev_err_probe(&pdev->dev, r, "no node /dev/%s\n", edu->misc.name);
	return 0;
}

static void edu_remove(struct pci_dev *pdev)
{
	struct edu *edu = pci_get_drvdata(pdev);

	misc_deregister(&edu->misc);

	/* The files that are still open keep edu, but no longer reach the registers. */
	mutex_lock(&edu->lock);
	WRITE_ONCE(edu->gone, true);
	edu_set(edu, EDU_REG_STATUS, 0);
	mutex_unlock(&edu->lock);
	wake_up_interruptible_all(&edu->event_wait);
	wake_up_interruptible_poll(&edu->state_wait, EPOLLERR | EPOLLHUP);
}

static const struct pci_device_id edu_ids[] = { { PCI_DEVICE(EDU_VENDOR_ID, EDU_DEVICE_ID) }, {} };
MODULE_DEVICE_TABLE(pci, edu_ids);

static struct pci_driver edu_driver = {
	.name = KBUILD_MODNAME,
	.id_table = edu_ids,
	.probe = edu_probe,
	.remove = edu_remove,
};
module_pci_driver(edu_driver);

MODULE_DESCRIPTION("QEMU's edu card, with a node");
MODULE_LICENSE("GPL");
